// What a lab's handout says of one step, as text for a terminal.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace study {

/// The step of this number below "## Steps", without Markdown's signs and links. Empty where the handout has none.
std::string step_of(const course::Lab& lab, int number);

}  // namespace study
