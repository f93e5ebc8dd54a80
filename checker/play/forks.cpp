#include "play/forks.hpp"

#include <algorithm>
#include <sys/ptrace.h>

#include "play/traced.hpp"

namespace play {

Forks::Forks(Stage& stage, const Observed& program)
    : stage_(stage), watch_(std::make_shared<Watch>(Watch{program.pid(), false, {}})) {
  seize(program.pid(), PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
  stage.attend([watch = watch_] { return watch->serve(); });
}

bool Forks::hold_at_next() {
  if (!wait_until(stage_, [&] { return watch_->held; })) return false;
  stage_.hold(watch_->program, "just after fork()");
  wait_until(stage_, [] { return false; });
  stage_.let_go(watch_->program);
  watch_->held = false;
  ptrace(PTRACE_CONT, watch_->program, nullptr, nullptr);
  return true;
}

bool Forks::Watch::serve() {
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
