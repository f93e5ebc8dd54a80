// What /proc says of one process or thread, parsed (proc(5)). Looks only; changes nothing.
// Every look may come too late: what has gone meanwhile is an empty optional, never an exception.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "see/pids.hpp"

namespace see {

/// /proc/PID/stat. Times are clock ticks, rss is bytes, start is ticks since boot.
struct Stat {
  pid_t pid = 0;
  std::string name;
  char state = '?';
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  int terminal = 0;
  pid_t foreground_group = 0;
  std::uint64_t cpu = 0;              ///< used by itself
  std::uint64_t children_cpu = 0;     ///< used by children it has waited for
  std::uint64_t children_faults = 0;  ///< page faults of the same: 0 only when it has waited for none
  std::uint64_t start = 0;
  std::uint64_t rss = 0;
};

/// A signal's place in a set.
constexpr std::uint64_t signal_bit(int signal) { return std::uint64_t{1} << (signal - 1); }

/// /proc/PID/status. Signal sets are bit masks: signal n is bit n-1.
struct Status {
  InnerPid inner_pid, inner_group;  ///< as the room numbers them
  std::uint64_t switches = 0;       ///< voluntary context switches: how often it has gone to sleep
  pid_t process = 0;                ///< whose thread it is
  std::uint64_t shared_memory = 0;  ///< bytes of shared memory in it, which rss counts too
  pid_t tracer = 0;                 ///< who traces it, as this machine numbers it; 0: nobody
  std::uint64_t pending = 0, shared_pending = 0, blocked = 0, ignored = 0, caught = 0;
};

/// /proc/PID/syscall: the system call a thread sleeps in, with its raw arguments.
struct Call {
  enum class Known { no, running, outside, yes };  ///< unreadable, on a CPU, asleep but in no call, in a call
  Known known = Known::no;
  long number = -1;
  std::array<std::uint64_t, 6> args{};
  bool operator==(const Call&) const = default;
};

/// One open descriptor. `flags` are those of open(2); `details` is the whole fdinfo text.
struct Descriptor {
  int fd = -1;
  std::string target;  ///< readlink: "pipe:[123]", "socket:[123]", "/path", "anon_inode:[timerfd]"
  unsigned flags = 0;
  mode_t type = 0;  ///< S_IFMT bits; 0 when stat failed
  dev_t device = 0;
  ino_t inode = 0;
  std::string details;

  bool readable() const { return (flags & 3U) != 1U; }
  bool writable() const { return (flags & 3U) != 0U; }
};

std::optional<Stat> parse_stat(std::string_view text);
Status parse_status(std::string_view text);
Call parse_syscall(std::string_view text);

std::optional<Stat> stat_of(pid_t pid);
std::optional<Status> status_of(pid_t pid);

/// As above for one thread of the process.
std::optional<Stat> stat_of(pid_t pid, pid_t tid);
std::optional<Status> status_of(pid_t pid, pid_t tid);
Call call_of(pid_t pid, pid_t tid);

std::vector<pid_t> threads_of(pid_t pid);
/// Children of all its threads, ended but uncollected ones too.
std::vector<pid_t> children_of(pid_t pid);

/// Empty when the process may not be looked at or has none; see `may_look`.
std::vector<Descriptor> descriptors_of(pid_t pid);
std::optional<Descriptor> descriptor_of(pid_t pid, int fd);
/// Only where each descriptor leads (`Descriptor::target`): a sixth of the work.
std::map<int, std::string> targets_of(pid_t pid);
inline bool is_socket(std::string_view target) { return target.starts_with("socket:["); }
/// A path of /proc as the process itself would name it: relative to its working folder where it lies below that,
/// without the root it was moved to.
std::string path_seen_by(pid_t pid, const std::string& path);
std::vector<std::string> command_line_of(pid_t pid);

/// Nanoseconds its main thread was ready but had no CPU (schedstat, second field).
std::uint64_t waited_for_cpu(pid_t pid);

/// Bytes at an address of another process (process_vm_readv(2)); empty when they cannot be read.
std::string memory_of(pid_t pid, std::uint64_t address, size_t bytes);

}  // namespace see
