// The few steps of ptrace(2) that holding a process takes, with the stops of a process sorted out.
#pragma once

#include <sys/types.h>

namespace play {

struct Stop {
  bool came = false;
  int event = 0;  ///< PTRACE_EVENT_..., 0 for a signal on its way
  int signal = 0;
};

/// Traces it from now on, without stopping it, and asks for these events (PTRACE_O_...).
void seize(pid_t pid, long events);
/// Its next stop, if there is one. Never collects its end.
Stop next_stop(pid_t pid);
/// Lets it go on as if nobody had looked: a signal is delivered, a stopped process stays stopped.
void pass_on(pid_t pid, const Stop& stop);

}  // namespace play
