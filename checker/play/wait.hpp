// The only place that waits. A wait ends when its condition holds, when nothing can change any more until the check
// acts, or when the budget is spent: never because time has passed.
#pragma once

#include <functional>
#include <string>

#include "play/stage.hpp"

namespace play {

struct Waited {
  enum class Outcome { satisfied, quiet, spent } outcome;
  see::Family family;  ///< the last look, unless satisfied
  std::string why;     ///< when spent: what was used up, and who still moves
  explicit operator bool() const { return outcome == Outcome::satisfied; }
};

/// The last resort, for what neither ends nor sleeps. Per wait: CPU seconds of all programs together, and seconds of
/// the wall clock less what they waited for a CPU. Both times the environment variable PATIENCE.
struct Budget {
  double cpu = 2, wall = 10;
};
Budget& budget();

Waited wait_until(Stage& stage, const std::function<bool()>& condition);

}  // namespace play
