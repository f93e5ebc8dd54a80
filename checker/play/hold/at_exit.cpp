#include "play/hold/at_exit.hpp"

#include <sys/ptrace.h>

#include "play/start/ptrace.hpp"

namespace play {

AtExit::AtExit(Testbed& testbed, pid_t subject) : testbed_(testbed), subject_(subject) { seize(subject, PTRACE_O_TRACEEXIT); }

Verdict AtExit::is_killed() {
  const Waited waited = wait_until(testbed_, [&] {
    const Stop stop = next_stop(subject_);
    if (stop.came && stop.event != PTRACE_EVENT_EXIT) pass_on(subject_, stop);
    return stop.came && stop.event == PTRACE_EVENT_EXIT;
  });
  if (!waited) return Verdict::no("the process is killed", "it lives", testbed_.story_of(waited.family).lines);
  testbed_.hold(subject_, "in the middle of its death");
  return Verdict::yes();
}

void AtExit::let_die() {
  testbed_.let_go(subject_);  // from now on its dying is motion
  if (subject_ != 0) release(subject_);
  subject_ = 0;
}

}  // namespace play
