// Which TODO a failure is about, as far as the course knows: from its own wrong programs that fail the same check with the same
// diagnosis. Each of them is the solution with one mistake, and the mistake lies in what some TODO asks for.
#pragma once

#include <vector>

#include "course/faults.hpp"
#include "course/lab.hpp"
#include "results/record.hpp"

namespace study {

/// At most two, the likeliest first. None where the tree has no faults or solutions, or nothing is known of this check.
std::vector<int> likely_todos(const results::Record& failure);

/// The TODOs in whose lines this fault changes something: none where its mistake lies elsewhere, or it is another program.
std::vector<int> todos_of_fault(const course::Fault& fault, const course::Lab& lab);

}  // namespace study
