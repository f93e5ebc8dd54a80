// When the interval timer of the wall clock strikes whom (alarm(2), setitimer(2) with ITIMER_REAL). It shows in no file of
// /proc, and its signal ends a process that has said nothing of it: so whoever sees the calls being made keeps this book.
// Does not know how the calls are seen, and never forgets a timer by the clock: only by a call, or by the process's end.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <sys/types.h>

#include "see/family.hpp"

namespace see {

class IntervalTimers {
 public:
  using Clock = std::chrono::steady_clock;

  /// What a call does to the timer of the process that makes it.
  struct Change {
    pid_t process;
    std::uint64_t start;
    std::optional<Clock::time_point> strikes;  ///< nothing: it is taken back
  };
  /// For a thread that is about to make this call, and waits until it has been looked at: its memory can be read. Nothing
  /// for any other call than these two, and for one that the kernel will refuse.
  static std::optional<Change> change_by(pid_t tid, const Call& call);

  void note(const Change& change);

  /// When the timer that it has set strikes first. A child does not inherit it; a program that is executed keeps it.
  std::optional<Clock::time_point> strikes(const Process& process) const;

 private:
  struct Set {
    std::uint64_t start;  ///< of the process: a number that is given out again is another one
    Clock::time_point strikes;
  };
  std::map<pid_t, Set> set_;
};

}  // namespace see
