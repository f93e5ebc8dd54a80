// The few steps of ptrace(2) that holding a process takes, with the stops of a process sorted out.
#pragma once

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace play {

struct Stop {
  bool came = false;
  int event = 0;  ///< PTRACE_EVENT_..., 0 for a signal on its way
  int signal = 0;
  bool at_call = false;  ///< at the entry or the exit of a system call (PTRACE_SYSCALL, PTRACE_O_TRACESYSGOOD)
};

/// Which call it stands at, by number and arguments; at its exit the kernel tells neither.
struct CallStop {
  bool entry;
  long number;
  std::uint64_t args[6];
};

/// Traces it from now on, without stopping it, and asks for these events (PTRACE_O_...).
/// Obstructed where it has ended.
void seize(pid_t pid, long events);
/// Its next stop, if there is one. Never collects its end.
Stop next_stop(pid_t pid);
/// Nothing where this kernel does not tell an entry from an exit.
std::optional<CallStop> call_at_stop(pid_t pid);
/// Lets it go on as if nobody had looked: a signal is delivered, a stopped process stays stopped. `to_next_call`: it is
/// held again at the next entry or exit of a call.
void pass_on(pid_t pid, const Stop& stop, bool to_next_call = false);

/// Traces it no more, wherever it is.
void release(pid_t pid);

}  // namespace play
