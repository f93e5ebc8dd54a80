#include "play/hold/after_call.hpp"

#include <sys/ptrace.h>
#include <utility>

#include "base/fd.hpp"

namespace play {

AfterCall::AfterCall(Testbed& testbed, const Observed& program, std::string call, Which which)
    : testbed_(testbed),
      call_(std::move(call)),
      state_(std::make_shared<State>(State{program.pid(), std::move(which)})) {
  seize(program.pid(), PTRACE_O_TRACESYSGOOD);
  // Its calls are told from its next stop on. One that it sleeps in begins again, as after a stop and SIGCONT.
  base::must(static_cast<int>(ptrace(PTRACE_INTERRUPT, program.pid(), nullptr, nullptr)), "PTRACE_INTERRUPT");
  testbed.on_pump([state = state_] { return state->serve(); });
  // A signal that came between that stop and its sleep would find another program than the one it was meant for.
  static_cast<void>(wait_until_rest(testbed, [state = state_] { return state->watched; }));
}

bool AfterCall::comes() {
  if (!wait_until_rest(testbed_, [&] { return state_->held; })) return false;
  testbed_.hold(state_->program, "just after " + call_);
  testbed_.note_act("hold it just after " + call_);
  return true;
}

void AfterCall::let_go() {
  if (!state_->held) return;
  testbed_.let_go(state_->program);
  state_->held = false;
  ptrace(PTRACE_SYSCALL, state_->program, nullptr, nullptr);
}

bool AfterCall::State::serve() {
  bool moved = false;
  while (!held) {
    const Stop stop = next_stop(program);
    if (!stop.came) break;
    moved = watched = true;
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
