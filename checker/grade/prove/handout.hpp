// The parts of a lab that must agree with its checks: the handout's list, the skeleton's numbered TODOs, the files.
#pragma once

#include <string>
#include <vector>

#include "grade/run/cases.hpp"

namespace grade {

/// What does not agree, as sentences.
std::vector<std::string> handout_faults(const course::Lab& lab, const std::vector<Case>& cases);

/// What a handout lacks of the shape that all have: what is told first, the sections in their order, answers that a renderer
/// formats. As sentences.
std::vector<std::string> shape_faults(const std::string& handout);

/// The handout's text with its list of checks made anew.
std::string with_list_of_checks(const std::string& handout, const std::vector<Case>& cases);

/// Makes it anew in labs/NN-name/README.md.
void write_list_of_checks(const course::Lab& lab);

}  // namespace grade
