// A child process that computes one string: a check, or a compilation. What happens to it never happens to the grader,
// and it never outlives it. Its deadline is the grader's to keep: whatever the worker has become, stopped or asleep, it
// is killed from outside.
#pragma once

#include <functional>
#include <poll.h>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"

namespace grade {

/// How a worker's processes are kept together. Where they have a pid namespace of their own, the kernel does that;
/// elsewhere a guard stands between grader and worker (guard.hpp).
struct Keeping {
  bool guarded = false;
  /// Run by the guard when all have ended, with the worker's pid: removes what only it could have left.
  std::function<void(pid_t worker)> afterwards = {};
};

class Worker {
 public:
  /// Forks; the child runs `work` and ends. It dies with this process, and is killed by advance() after `seconds` of the
  /// wall clock. `work` throwing ends it with a message.
  Worker(const std::function<std::string()>& work, double seconds, const Keeping& keeping = {});
  Worker(Worker&&) = default;
  Worker& operator=(Worker&&) = delete;  // it would have to end the one that is overwritten
  /// Ends it and all below it, and collects it.
  ~Worker();

  /// Adds what to poll before the next advance(): its answer, its end, its deadline.
  void watch(std::vector<pollfd>& polls) const;

  /// Reads what has come. True when the worker has ended and its answer is whole.
  bool advance();
  /// Advances until it has ended.
  void wait();
  const std::string& answer() const { return text_; }
  /// Empty when it ended well; otherwise how it ended, for a person.
  const std::string& trouble() const { return trouble_; }

 private:
  void kill() const;

  pid_t pid_ = 0;
  bool guarded_ = false;
  double seconds_ = 0;
  base::Fd answer_, pidfd_, deadline_;
  base::Fd lifeline_;  ///< while it is open, the guard keeps the worker alive
  bool out_of_time_ = false;
  std::string text_, trouble_;
};

}  // namespace grade
