// Names of POSIX objects that a check gives to programs: "/ring" where the room has objects of its own; where it shares the
// machine's, one that nothing else has, and by which the grader knows whose it is (room/belongings.hpp).
#pragma once

#include <string>

#include "play/testbed/testbed.hpp"

namespace play {

/// The same name each time it is asked for.
std::string name_for(Testbed& testbed, const std::string& name);

/// Another one each time: of "/permits", then "/permits-2" and so on.
std::string next_name_for(Testbed& testbed, const std::string& name);

}  // namespace play
