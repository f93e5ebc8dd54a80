// The only place that waits. A wait ends when its condition holds, when nothing can change any more until the check
// acts, or when the budget is spent: never because time has passed. Who still gets on, and does not only repeat itself, has
// four budgets. What a clock will do only when the budget would be spent is no change: a program asleep below a watchdog of a
// minute is asleep.
#pragma once

#include <functional>
#include <string>

#include "play/testbed/testbed.hpp"

namespace play {

struct Waited {
  enum class Outcome { satisfied, quiet, spent } outcome;
  see::Family family;    ///< the last look, unless satisfied
  std::string why;       ///< when spent: what was used up, and who still moves; when quiet: who moves after this wait
  std::string progress;  ///< when time is spent: what still came for the first time, "it prints"; empty: it repeats itself
  explicit operator bool() const { return outcome == Outcome::satisfied; }
};

Waited wait_until(Testbed& testbed, const std::function<bool()>& condition);

/// The same, for what may or may not come before all have come to rest. Somebody whom nothing but a clock wakes, again and again, is
/// as good as at rest after a tenth of a budget: this is no place to find fault with that.
Waited wait_until_rest(Testbed& testbed, const std::function<bool()>& condition);
/// The same for nothing but the rest.
void let_all_come_to_rest(Testbed& testbed);

}  // namespace play
