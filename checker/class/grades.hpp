// From what was handed in and what was graded to the class's gradebook.
#pragma once

#include <string>
#include <vector>

#include "class/jobs.hpp"
#include "class/people.hpp"
#include "results/gradebook.hpp"

namespace intake {

/// A result counts where it was made under the key of its job, and where all of it could be checked.
results::Gradebook gradebook_of(const Class& all, const std::string& work, const std::vector<Job>& jobs);

}  // namespace intake
