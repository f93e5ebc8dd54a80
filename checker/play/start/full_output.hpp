// A standard output that is full before the program starts: its first word puts it to sleep in write(2), and the check
// looks at it in that very moment. What a program claims too early is seen so without a race.
//
//   auto order = lab.start("USR1", play::behind_full_output());
//   order.leave_output();           // nobody takes anything from the pipe
//   CHECK(order.stays_alive());     // it sleeps, in the middle of its first line
//   order.take_output();            // the filling is dropped, and its own words come
#pragma once

#include "room/spawn.hpp"

namespace play {

/// An order whose program finds the pipe at its descriptor 1 full to the last byte.
room::Order behind_full_output();

}  // namespace play
