#include "play/hold/at_fork.hpp"

#include <algorithm>
#include <sys/ptrace.h>

#include "play/start/ptrace.hpp"

namespace play {

AtFork::AtFork(Testbed& testbed, const Observed& program)
    : testbed_(testbed), state_(std::make_shared<State>(State{program.pid(), false, {}})) {
  seize(program.pid(), PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
  testbed.on_pump([state = state_] { return state->serve(); });
}

bool AtFork::hold_at_next() {
  if (!wait_until_rest(testbed_, [&] { return state_->held; })) return false;
  testbed_.hold(state_->program, "just after fork()");
  let_all_come_to_rest(testbed_);
  testbed_.let_go(state_->program);
  state_->held = false;
  ptrace(PTRACE_CONT, state_->program, nullptr, nullptr);
  return true;
}

bool AtFork::State::serve() {
  const auto lets_go = [](pid_t child) {
    return next_stop(child).came && ptrace(PTRACE_DETACH, child, nullptr, nullptr) == 0;
  };
  bool moved = std::erase_if(newborn, lets_go) > 0;
  if (held) return moved;
  const Stop stop = next_stop(program);
  if (!stop.came) return moved;
  held = stop.event == PTRACE_EVENT_FORK || stop.event == PTRACE_EVENT_VFORK || stop.event == PTRACE_EVENT_CLONE;
  unsigned long child = 0;
  if (held && ptrace(PTRACE_GETEVENTMSG, program, nullptr, &child) == 0) newborn.push_back(static_cast<pid_t>(child));
  if (!held) pass_on(program, stop);
  return true;
}

}  // namespace play
