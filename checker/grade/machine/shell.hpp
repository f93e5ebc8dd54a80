// A shell in the room of a lab, for whoever debugs a program or a check: the same folders, limits and names that a check
// has, the programs and their sources at hand, gdb and strace of the system.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace grade {

struct Visit {
  course::Lab lab;
  std::string tree = "labs";
  std::string check = {};  ///< with the files that this check begins with; empty: none
  bool debug = false;      ///< the programs are built with -O0
};

/// Builds the lab's programs, enters a room with them and runs a shell there until it ends. Does not return to the machine
/// outside: the caller ends with the status that comes back. Throws std::runtime_error where they cannot be built.
int shell_in_room(const Visit& visit);

}  // namespace grade
