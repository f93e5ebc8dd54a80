// A shell in the room of a lab, for whoever debugs a program or a check: the same folders, limits and names that a check
// has, the programs at hand, gdb and strace of the system.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace grade {

/// Builds the lab's programs of `tree`, enters a room with them and runs a shell there until it ends. Does not return to
/// the machine outside: the caller ends with the status that comes back.
int shell_in_room(const course::Lab& lab, const std::string& tree);

}  // namespace grade
