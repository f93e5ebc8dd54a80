// Grades: has the programs built, runs the cases side by side in processes of their own, gathers the records.
// Knows nothing of how a result is shown or kept.
#pragma once

#include <functional>

#include "grade/run/plan.hpp"
#include "results/record.hpp"

namespace grade {

/// Called once before anything is run, without a record, and then for every record that has come, with the run so far.
using Progress = std::function<void(const results::Run& so_far, const results::Record* came)>;

/// Every selected case has a record; one that is `not run` means that the run was interrupted.
results::Run grade(const Plan& plan, const Progress& progress);
results::Run grade(const Plan& plan);

}  // namespace grade
