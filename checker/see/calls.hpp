// What is known of each system call a process can sleep in: which argument names the object, which the time.
// A table, and a few questions about who sleeps in one. Numbers come from <sys/syscall.h>, so that other machines have their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "see/proc.hpp"

namespace see {

/// What a call sleeps on.
enum class On {
  unknown,
  reading,      ///< a descriptor, until something can be read, received or accepted
  writing,      ///< a descriptor, until there is room
  opening,      ///< a path: the other end of a FIFO
  connecting,   ///< a socket
  many,         ///< poll, select, epoll: several descriptors
  child,        ///< a child's change of state
  signal,       ///< a signal
  futex,        ///< a word of memory: semaphore, mutex, condition variable, thread
  queue,        ///< a System V message queue
  semaphores,   ///< a System V semaphore set
  lock,         ///< flock or fcntl on a descriptor
  clock,        ///< only the time
  new_program,  ///< vfork: until the child execs or ends
};

struct CallFacts {
  const char* name;
  On on;
  int object;  ///< index of the argument that names the object, or -1
  enum class Timeout { never, milliseconds, pointer, always } timeout;
  int timeout_arg;
};

/// Nothing for a call that is not in the table.
const CallFacts* facts_of(long number);

/// The call's name, or "system call 321".
std::string name_of(long number);

/// Whether the clock alone may end this call, by its own arguments.
bool has_timeout(const Call& call);

/// A descriptor that poll, select or epoll waits for; for neither: only for what is exceptional about it.
struct Polled {
  int fd;
  bool for_reading;
  bool for_writing;
};

/// What a thread blocked in a call on `many` descriptors waits for; nothing when its memory cannot be read.
std::optional<std::vector<Polled>> polled_by(pid_t pid, const Call& call);

/// The set that sigwait and its kin wait for: it is missing from SigBlk while they sleep.
std::optional<std::uint64_t> signals_awaited(pid_t pid, const Call& call);

/// P_PIDFD of waitid(2), which <sys/wait.h> names from glibc 2.36 on.
constexpr std::uint64_t by_pidfd = 3;

/// The child that waitid(P_PIDFD) waits for, as the caller numbers it; nothing for another call, or once it is collected.
std::optional<pid_t> awaited_by_pidfd(pid_t pid, const Call& call);

/// "SIGTERM", "SIGRTMIN+2"; the name of a signal number.
std::string signal_name(int number);

/// The calls that the threads of a process sleep in now; a thread that runs, or may not be looked at, is left out.
std::vector<Call> sleeping_calls(pid_t pid);

/// Clock ticks of the CPU that a process has used itself; 0 when it has gone.
std::uint64_t ticks_used(pid_t pid);

}  // namespace see
