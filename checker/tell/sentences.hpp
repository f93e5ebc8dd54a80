// What is said of a result that is not a failure with a story, each sentence once: for the report and for what is exported.
// Knows nothing of how it is laid out. Texts of a record are taken as they are: results::printable made them so.
#pragma once

#include <string>

#include "results/record.hpp"
#include "results/score.hpp"

namespace tell {

constexpr const char* same_reason = "probably for the same reason";
constexpr const char* not_tried = "not tried: three checks have used up their whole time already";
constexpr const char* not_begun = "not begun: the program answers this with its usage line";
constexpr const char* not_run = "not run: the grading was interrupted";
constexpr const char* graders_trouble = "this could not be checked, which is the grader's trouble and not yours";

/// "at most 20 points, whatever else passes: a shell does here ..."; empty where the lab's mechanism is the program's own.
std::string of_cap(const results::Score& score);

/// Why the room was weaker than it could be; empty where it was not.
std::string of_room(const results::Run& run);

}  // namespace tell
