// How fast this machine is, measured where it counts for a check: what it costs to start a process. Budgets were set on a
// machine where that takes 0.6 ms of CPU time; on a slower or an emulated one they grow with it, so that a slow machine
// makes no wrong program.
#pragma once

namespace grade {

/// The factor on seconds of the CPU, 1 or more: no sleep is longer on a slow machine. Takes about five times what one process costs.
double pace_of_this_machine();

}  // namespace grade
