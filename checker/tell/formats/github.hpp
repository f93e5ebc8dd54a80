// What the actions of GitHub Classroom hand on: one line "result=..." for $GITHUB_OUTPUT, JSON in base64, which
// autograding-grading-reporter adds up. The classroom itself is gone since 2026; the actions still run.
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

std::string github(const results::Run& run);

/// A text of several lines none of which GitHub takes for a command of the workflow ("::notice ...", "##[...").
std::string without_commands(const std::string& text);

}  // namespace tell::formats
