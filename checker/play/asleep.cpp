#include "play/asleep.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

#include "play/unmet.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

// A call of this process that only time or the check can end, in words. Empty where there is none.
std::string waits_by_the_clock(pid_t pid) {
  for (const see::Call& call : see::sleeping_calls(pid)) {
    if (call.number < 0) continue;
    if (!see::has_timeout(call) || see::name_of(call.number) == "restart_syscall") continue;
    const see::CallFacts* facts = see::facts_of(call.number);
    const bool counted = facts->timeout == see::CallFacts::Timeout::milliseconds;
    return counted ? fmt::format("{}() for {} ms", facts->name,
                                 static_cast<int>(call.args[static_cast<size_t>(facts->timeout_arg)]))
                   : fmt::format("{}() for a limited time", facts->name);
  }
  return {};
}

const Actor* actor_of(const Stage& stage, pid_t pid) {
  for (const Actor& actor : stage.actors())
    if (actor.pid == pid || actor.subject == pid) return &actor;
  return nullptr;
}

Verdict refuse(std::string expected, std::string actual, Evidence::Kind kind = Evidence::Kind::differs) {
  return Verdict::no({std::move(expected), std::move(actual), {}, {}, {}, kind});
}

}  // namespace

Verdict Observed::sleeps() const {
  const std::string expected = name() + " sleeps in the kernel until something happens";
  const std::uint64_t before = see::ticks_used(pid());
  std::string by_clock;
  bool hidden = false;
  const auto over = [&] { return !see::stat_of(pid()) || state_is('Z'); };
  const Waited waited = wait_until(*stage_, [&] {
    by_clock = waits_by_the_clock(pid());
    hidden = state_is('S') && see::call_of(pid(), pid()).known == see::Call::Known::no;
    return hidden || !by_clock.empty() || over();
  });
  if (hidden) throw std::runtime_error(name() + " does not let itself be looked at: /proc/PID/syscall is refused");
  if (waited.outcome == Waited::Outcome::quiet) return Verdict::yes();
  if (waited && by_clock.empty()) return refuse(expected, "it has ended", Evidence::Kind::ended);
  if (waited) return refuse(expected, "it sleeps in " + by_clock);
  // Spent: it is called a busy loop only where the time was spent by the program itself.
  const double seconds =
      static_cast<double>(see::ticks_used(pid()) - before) / static_cast<double>(sysconf(_SC_CLK_TCK));
  Evidence e{expected, waited.why, stage_->tell(waited.family).lines, {}, {}, Evidence::Kind::spent};
  if (seconds > budget().cpu / 2) e.diagnoses.emplace_back("process/busy-loop");
  return Verdict::no(std::move(e));
}

void let_it_settle(Stage& stage, const Observed& who) {
  constexpr std::uint64_t busy_ticks = 3;
  const std::uint64_t before = see::ticks_used(who.pid());
  static_cast<void>(wait_until(stage, [&] {
    const auto stat = see::stat_of(who.pid());
    const see::Call now = see::call_of(who.pid(), who.pid());
    return !stat || stat->state == 'Z' || (stat->state == 'S' && now.known != see::Call::Known::running) ||
           stat->cpu >= before + busy_ticks;
  }));
}

Verdict has_taken(Stage& stage, const Observed& who, int signal) {
  const std::string expected =
      fmt::format("{} takes {}, which is pending for it", who.name(), see::signal_name(signal));
  return comes_true(stage, expected, [&] {
    const auto stat = see::stat_of(who.pid());
    const auto status = see::status_of(who.pid());
    if (!stat || stat->state == 'Z') return true;  // what else is asked of it tells how it ended
    return !status || ((status->pending | status->shared_pending) >> (signal - 1) & 1) == 0;
  });
}

Verdict has_read_its_input(Stage& stage, const Program& program) {
  const Actor* actor = actor_of(stage, program.pid());
  return comes_true(stage, program.name() + " reads the input that is there", [&] {
    int unread = 0;
    return !actor || actor->ending ||
           (actor->all_typed() && actor->input && ioctl(actor->input.get(), FIONREAD, &unread) == 0 && unread == 0);
  });
}

}  // namespace play
