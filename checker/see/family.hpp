// Every process and thread below one process, seen at one instant as nearly as /proc allows.
// Knows nothing of what the threads wait for: that is motion's and story's affair.
#pragma once

#include <vector>

#include "see/proc.hpp"

namespace see {

struct Thread {
  pid_t tid;
  char state;
  std::uint64_t start;
  std::uint64_t switches;
  std::uint64_t blocked;  ///< its own signal mask
  pid_t tracer;           ///< 0: nobody
  Call call;
  bool operator==(const Thread&) const = default;
};

struct Process {
  Stat stat;
  Status status;
  std::vector<Thread> threads;

  pid_t pid() const { return stat.pid; }
  /// A leader may have ended while other threads live on: the process has not.
  bool ended() const { return live_thread() == 0; }
  /// A thread through which /proc shows descriptors and memory; 0 when all have ended.
  pid_t live_thread() const;
  /// A live thread for each table of descriptors it has: threads share one, until one asks for its own (unshare(2)).
  std::vector<pid_t> tables() const;
};

/// Parents before their children. `root` itself is not in it.
using Family = std::vector<Process>;

/// All descendants of `root` except those in `ours` (whose descendants are in it all the same).
Family family_of(pid_t root, const std::vector<pid_t>& ours = {});

const Process* find(const Family& family, pid_t pid);
std::vector<const Process*> children_in(const Family& family, pid_t parent);

/// Whether not one thread has moved, come or gone between two looks.
bool same(const Family& before, const Family& after);

}  // namespace see
