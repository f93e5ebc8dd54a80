// How much a program in a room may use (setrlimit(2)). Numbers and one call; knows nothing of who is limited.
#pragma once

#include <cstdint>

namespace room {

struct Limits {
  std::uint64_t processes = 64;     ///< of the room; above about 100 the end of a fork bomb takes seconds
  std::uint64_t descriptors = 256;  ///< few enough that pipes cannot eat the user's budget (pipe(7))
  std::uint64_t pending_signals = 1024;
  std::uint64_t queue_bytes = 200 << 10;  ///< of POSIX queues: two of the default size, a quarter of what a user's rooms share
  std::uint64_t file_bytes = std::uint64_t{64} << 20;
  std::uint64_t address_space = std::uint64_t{1} << 30;  ///< 0: none, for sanitized programs, which map terabytes
  std::uint64_t cpu_seconds = 60;                        ///< of one process; the check's own budget is far shorter
  std::uint64_t core_bytes = 1;  ///< 1, not 0: with 0 the kernel still starts a core handler that is a pipe (core(5))
  std::uint64_t room_memory = std::uint64_t{1} << 30;  ///< resident memory of all, watched while the check waits

  bool operator==(const Limits&) const = default;
};

/// Applies them to the calling process. Throws when the system refuses. `others` is how many processes of this user are
/// none of the room's: where the room has no user namespace of its own, the limit counts them too.
void apply(const Limits& limits, std::uint64_t others);
/// Before the room is made: what a user's rooms may have in POSIX queues together (mq_overview(7)) is counted above its user
/// namespace, by the limit that its maker had. Root lifts it, so that one room's queues are no other's affair; others keep theirs.
void lift_shared_limits();
/// Those on its memory and its descriptors, the last step: below them a sanitized checker cannot allocate a byte, and a
/// program that is given no descriptor more could not ask anything.
void apply_last(const Limits& limits);

/// How many processes and threads the caller's user runs on this machine.
std::uint64_t processes_of_user();

}  // namespace room
