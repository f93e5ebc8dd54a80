// A student's own page, to be handed back: points, every check with its result, the whole explanation of what failed, and the lines that
// repeat it at home. Knows nothing of anybody else.
#pragma once

#include <string>

#include "results/gradebook.hpp"
#include "tell/gradebook/html.hpp"
#include "tell/gradebook/overview.hpp"

namespace tell::gradebook {

/// `runs`: as runs_of() gives them. The page needs no script.
std::string student_page(const results::Grades& student, const Runs& runs);

/// The address of a student's page beside the class's page, or of a lab on it.
std::string place_of_page(const results::Grades& student, const std::string& lab = {});

/// A name as it is written, whatever way it runs; the key where there is none.
Html name_of(const results::Grades& student);
/// "85", or why there is none.
Html points_of(const results::Grade& grade);

}  // namespace tell::gradebook
