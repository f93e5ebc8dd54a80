// A line to run by hand, pasted into a shell as a student would: what comes of it. So the course knows that each line which a
// failure shows does show it: with the solution something else comes.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace grade {

/// Whether the line, made for the programs of `tree`, shows another outcome with these than with the solution's: another
/// end, other output, other files. Both have been built. True where this machine cannot try it.
bool shows_a_difference(const course::Lab& lab, const std::string& tree, const std::string& line);

}  // namespace grade
