// Can anything still move? A closed-world argument: if every thread of the family sleeps at one instant, and
// nothing but the family and the check can wake one, then nothing will change until the check acts.
// Decides only; who waits for whom and why is story's affair.
#pragma once

#include <string>

#include "see/family.hpp"

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
};

/// Judges one snapshot whose threads are known not to have moved (see::same against an earlier look).
Movement movement(const Family& family);

/// Looks twice, back to back. Any difference means that something runs.
Movement look_twice(pid_t root, const std::vector<pid_t>& ours, Family& seen);

}  // namespace see
