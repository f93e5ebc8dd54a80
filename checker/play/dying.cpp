#include "play/dying.hpp"

#include <sys/ptrace.h>

#include "play/traced.hpp"

namespace play {

Dying::Dying(Stage& stage, pid_t subject) : stage_(stage), subject_(subject) { seize(subject, PTRACE_O_TRACEEXIT); }

Verdict Dying::is_killed() {
  const Waited waited = wait_until(stage_, [&] {
    const Stop stop = next_stop(subject_);
    if (stop.came && stop.event != PTRACE_EVENT_EXIT) pass_on(subject_, stop);
    return stop.came && stop.event == PTRACE_EVENT_EXIT;
  });
  if (waited) stage_.hold(subject_, "in the middle of its death");
  if (waited) return Verdict::yes();
  return Verdict::no({"the process is killed", "it lives", stage_.tell(waited.family).lines, {}, {}, {}});
}

void Dying::let_die() {
  stage_.let_go(subject_);  // from now on its dying is motion
  if (subject_ != 0) release(subject_);
  subject_ = 0;
}

}  // namespace play
