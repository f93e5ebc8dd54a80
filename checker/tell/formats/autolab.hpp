// Autolab's last two lines of standard output: what each check came to, and the score of each lab, whose problems must be called as
// the labs are ("01-pipeline"). A lab of which something could not be checked has null for a score, which leaves its problem open.
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

std::string autolab(const results::Run& run);

}  // namespace tell::formats
