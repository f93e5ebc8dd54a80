// JUnit XML, in the strict shape of the schema for Ant's reports (tests/golden/junit.xsd), which every reader takes: a suite for
// each lab. Failure: the check said no; error: the grader's trouble; skipped: not tried, or a stretch goal that is not held.
// JUnit has no points: they are properties of the suite.
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

std::string junit(const results::Run& run);

}  // namespace tell::formats
