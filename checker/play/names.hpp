// Names of POSIX objects that a check gives to programs: "/ring" where the room has its own, and where the machine's are
// used, one that no other run has: it ends with the name of the check's scratch folder. By that ending the grader finds
// what a check that was killed has left, and no run takes another's objects for its own (room/aftermath.hpp).
#pragma once

#include <string>

#include "play/stage.hpp"

namespace play {

std::string unique_name(Stage& stage, const std::string& name);

}  // namespace play
