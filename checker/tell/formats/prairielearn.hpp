// PrairieLearn's results.json of an external grader. Every test has points, for one without takes them from all. Where something
// could not be checked the submission is "not gradable", which costs no attempt, with the reason as a message. At most 1 MB.
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

std::string prairielearn(const results::Run& run);

}  // namespace tell::formats
