// A child process that computes one string: a check, or a compilation. What happens to it never happens to the grader.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

#include "base/fd.hpp"

namespace grade {

class Worker {
 public:
  /// AtFork; the child runs `work` and ends. It dies with this process, and after `seconds` of the wall clock at the
  /// latest, by SIGALRM. `work` throwing ends it with a message.
  Worker(const std::function<std::string()>& work, unsigned seconds);
  Worker(Worker&&) = default;
  Worker& operator=(Worker&&) = default;
  ~Worker();

  /// Descriptors to poll for reading: its answer, and its end.
  int answer_fd() const { return answer_.get(); }
  int end_fd() const { return pidfd_.get(); }

  /// Reads what has come. True when the worker has ended and its answer is whole.
  bool advance();
  pid_t pid() const { return pid_; }
  const std::string& answer() const { return text_; }
  /// Empty when it ended well; otherwise how it ended, for a person.
  const std::string& trouble() const { return trouble_; }

  void kill();

 private:
  pid_t pid_ = 0;
  base::Fd answer_, pidfd_;
  std::string text_, trouble_;
};

}  // namespace grade
