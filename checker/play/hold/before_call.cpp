#include "play/hold/before_call.hpp"

#include <algorithm>
#include <stdexcept>

#include "play/testbed/wait.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

room::AskedCall asked(const WatchedCall& w) {
  using Argument = room::AskedCall::Argument;
  return {w.call, w.request ? std::optional(Argument{w.argument, static_cast<std::uint32_t>(w.request)}) : std::nullopt};
}

}  // namespace

BeforeCall::BeforeCall(Testbed& testbed, std::vector<WatchedCall> watched)
    : testbed_(testbed), state_(std::make_shared<State>()) {
  state_->testbed = &testbed;
  state_->watched = std::move(watched);
}

BeforeCall::~BeforeCall() {
  try {
    open();
  } catch (const std::exception&) {
    // Whoever cannot be answered has gone.
  }
}

room::Order BeforeCall::order(room::Order order) const {
  for (const WatchedCall& w : state_->watched) order.asks.push_back(asked(w));
  order.holds = [state = state_](const std::shared_ptr<room::Questions>& from, const room::Question& question) {
    return state->holds(from, question);
  };
  return order;
}

void BeforeCall::hold(Whom whom) { state_->whom = std::move(whom); }

bool BeforeCall::hold_until(const std::function<bool()>& condition) { return opened_after(wait_until(testbed_, condition)); }

bool BeforeCall::hold_until_rest_or(const std::function<bool()>& condition) { return opened_after(wait_until_rest(testbed_, condition)); }

bool BeforeCall::opened_after(const Waited& waited) {
  if (!waited) open();
  return waited.outcome != Waited::Outcome::spent;
}

void BeforeCall::open() {
  state_->whom = nullptr;
  for (const State::Waiting& w : state_->waiting) {
    testbed_.let_go(w.question.tid);
    w.from->pass(w.question);
  }
  state_->waiting.clear();
}

bool BeforeCall::State::holds(const std::shared_ptr<room::Questions>& from, const room::Question& question) {
  if (!watches(question.call) || !whom || !whom(question.tid, question.call.number)) return false;
  ++held;
  waiting.push_back({from, question});
  testbed->hold(question.tid, "before " + call_of(question.call.number));
  return true;
}

// What every program asks about besides is none of this one's affair.
bool BeforeCall::State::watches(const see::Call& call) const {
  return std::any_of(watched.begin(), watched.end(), [&](const WatchedCall& w) {
    return w.call == call.number && (w.request == 0 || static_cast<std::uint32_t>(w.request) == static_cast<std::uint32_t>(call.args[w.argument]));
  });
}

std::string BeforeCall::State::call_of(long number) const {
  for (const WatchedCall& w : watched)
    if (w.call == number && w.name) return w.name;
  return see::name_of(number) + "()";
}

}  // namespace play
