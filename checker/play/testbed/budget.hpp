// What one wait of a check may use: the last resort, for what neither ends nor sleeps. CPU seconds of all programs
// together, and seconds of the wall clock less what they waited for a CPU. Whoever sleeps until a time that is further
// away than `nap` is asleep; a slow machine makes no nap longer, so patience leaves it alone.
#pragma once

namespace play {

struct Budget {
  double cpu = 2, wall = 10, nap = wall;
  Budget operator*(double patience) const { return {cpu * patience, wall * patience, nap}; }
};

}  // namespace play
