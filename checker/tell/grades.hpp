// The grades of a class as a table for spreadsheets and platforms, and in short for a terminal.
#pragma once

#include <string>
#include <vector>

#include "results/gradebook.hpp"
#include "tell/page.hpp"

namespace tell {

/// What was put right, refused or could not be graded, a sentence each.
std::vector<std::string> remarks_on(const results::Grades& student);

/// CSV, a row a student: names as they are, but without control characters. A lab that was not handed in, or has no grade, is empty.
std::string grades_as_csv(const results::Gradebook& book);

/// The roster's own table as it was, with a column more for each lab: what a platform takes back.
std::string roster_with_grades(const std::vector<std::vector<std::string>>& roster, const results::Gradebook& book);

/// How many there are, the median of each lab, and everybody for whom something was put right, refused, or could not be graded.
std::string grades_in_short(const results::Gradebook& book, const Style& style);

}  // namespace tell
