// Gradescope's results.json. The score of the whole is given, and is what the tests add up to as well. A check that could not be
// checked has neither score nor status, and is named at the top: an explanation, and no zero that nobody sees.
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

std::string gradescope(const results::Run& run);

}  // namespace tell::formats
