// Can anything still move? A closed-world argument: if every thread of the family sleeps at one instant, and
// nothing but the family and the check can wake one, then nothing will change until the check acts.
// Decides only; who waits for whom and why is story's affair.
#pragma once

#include <csignal>
#include <string>
#include <string_view>

#include "see/family.hpp"
#include "see/motion/interval_timers.hpp"

namespace see {

/// In the order of strength: the least quiet thread decides for the family.
enum class Motion {
  quiet,   ///< nothing can move until the check acts
  clock,   ///< only time can wake something
  unsure,  ///< asleep, but something invisible (alarm(2), an unreadable call) might wake it
  runs,    ///< a thread runs, or is about to
};

struct Movement {
  Motion kind = Motion::quiet;
  std::string why;  ///< the thread that decided, in words; empty when quiet
  /// It does not come sooner than this: a clock whose time is known.
  IntervalTimers::Clock::time_point not_before = IntervalTimers::Clock::time_point::min();
  /// By strength, and what comes sooner is stronger: of two, std::max is the one that decides.
  bool operator<(const Movement& other) const {
    return kind < other.kind || (kind == other.kind && not_before > other.not_before);
  }
};

/// "cat 4 waits in poll for a limited time".
Movement moves(Motion kind, const Process& who, std::string_view how);

/// What alarm(2) and setitimer(2) send.
constexpr std::uint64_t timer_signals = signal_bit(SIGALRM) | signal_bit(SIGVTALRM) | signal_bit(SIGPROF);

/// Judges one snapshot whose threads are known not to have moved (see::same against an earlier look). `set` are the
/// interval timers that were seen to be set.
Movement movement(const Family& family, const IntervalTimers& set);

/// One more look, at a family that had been seen as `seen` a moment ago, and is seen so again: `seen` is what it is now. Any
/// difference means that something runs.
Movement look_again(pid_t root, const std::vector<pid_t>& ours, const IntervalTimers& set, Family& seen);

/// Looks twice, back to back, or once where a thread is found running.
Movement look_twice(pid_t root, const std::vector<pid_t>& ours, const IntervalTimers& set, Family& seen);

}  // namespace see
