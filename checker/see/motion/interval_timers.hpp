// Whose interval timer of the wall clock runs (alarm(2), setitimer(2) with ITIMER_REAL). It shows in no file of /proc, and
// its signal ends a process that has said nothing of it: so whoever sees the calls being made keeps this book.
// Does not know how the calls are seen, and never forgets a timer by the clock: only by a call, or by the process's end.
#pragma once

#include <map>
#include <sys/types.h>

#include "see/family.hpp"

namespace see {

class IntervalTimers {
 public:
  /// A thread is about to make this call, and waits until it has been noted: its memory can be read. Other calls than
  /// these two are no news.
  void note(pid_t tid, const Call& call);

  /// Whether its timer was set. A child does not inherit it; a program that is executed keeps it.
  bool runs_for(const Process& process) const;

 private:
  std::map<pid_t, std::uint64_t> since_;  ///< process to its start: a number that is given out again is another process
};

}  // namespace see
