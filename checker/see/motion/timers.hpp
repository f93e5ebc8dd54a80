// What the clock may do to a process apart from the call that it sleeps in: timers of the process, and of its sockets.
// Every look is at a family that does not run. Knows nothing of calls: that is motion's affair.
#pragma once

#include "see/motion/interval_timers.hpp"
#include "see/motion/motion.hpp"

namespace see {

Movement movement_of_timers(const Family& family, const IntervalTimers& set);

}  // namespace see
