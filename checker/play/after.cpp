#include "play/after.hpp"

#include <sys/ptrace.h>
#include <utility>

#include "base/fd.hpp"

namespace play {

After::After(Stage& stage, const Observed& program, std::string call, Which which)
    : stage_(stage),
      call_(std::move(call)),
      watch_(std::make_shared<Watch>(Watch{program.pid(), std::move(which), false, false})) {
  seize(program.pid(), PTRACE_O_TRACESYSGOOD);
  // Its calls are told from its next stop on. One that it sleeps in begins again, as after a stop and SIGCONT.
  base::must(static_cast<int>(ptrace(PTRACE_INTERRUPT, program.pid(), nullptr, nullptr)), "PTRACE_INTERRUPT");
  stage.attend([watch = watch_] { return watch->serve(); });
}

bool After::holds() {
  if (!wait_until(stage_, [&] { return watch_->held; })) return false;
  stage_.hold(watch_->program, "just after " + call_);
  stage_.note("hold it just after " + call_);
  return true;
}

void After::let_go() {
  if (!watch_->held) return;
  stage_.let_go(watch_->program);
  watch_->held = false;
  ptrace(PTRACE_SYSCALL, watch_->program, nullptr, nullptr);
}

bool After::Watch::serve() {
  bool moved = false;
  while (!held) {
    const Stop stop = next_stop(program);
    if (!stop.came) break;
    moved = true;
    if (stop.at_call) {
      const auto call = call_at_stop(program);
      if (call && call->entry) chosen = which(*call);
      else held = std::exchange(chosen, false);
    }
    if (!held) pass_on(program, stop, true);
  }
  return moved;
}

}  // namespace play
