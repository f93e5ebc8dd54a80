// A lab's skeleton as it was handed out. The file in labs/ is the learner's own by now: its TODOs go as they are done.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace study {

/// A file with the text that this source of the lab had when it had most TODOs: as it lies in labs/, or as git has it from before. Of
/// several the newest. It lies in the build folder.
std::string skeleton_of(const course::Lab& lab, const std::string& name);

}  // namespace study
