// What this machine can and cannot do for the course, each with the command that mends it.
#pragma once

#include <string>
#include <vector>

namespace grade {

struct Finding {
  bool fine;
  std::string what;
  std::string mend;  ///< a command, or what it costs to leave it; empty when fine
};

std::vector<Finding> examine_machine();

}  // namespace grade
