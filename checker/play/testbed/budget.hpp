// What one wait of a check may use: the last resort, for what neither ends nor sleeps.
#pragma once

namespace play {

struct Budget {
  double cpu = 2;     ///< seconds of the CPU, of all programs together
  double wall = 10;   ///< seconds of the wall clock, less those in which programs or the check had a CPU or waited for one
  double nap = wall;  ///< who sleeps until a time that is further away than these seconds is asleep
  int late = 0;       ///< milliseconds by which each look comes late: no verdict may change by it, and a soak tries that

  /// More of both, for somebody who wants to wait longer. A nap stays what it is.
  Budget operator*(double patience) const { return {cpu * patience, wall * patience, nap, late}; }
  /// The same on a machine that is so many times slower: it makes work longer, and no sleep.
  Budget on_a_slower_machine(double times) const { return {cpu * times, wall, nap, late}; }
};

}  // namespace play
