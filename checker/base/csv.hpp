// Tables of comma-separated values (RFC 4180, libcsv). Knows nothing of what the columns mean.
#pragma once

#include <string>
#include <vector>

namespace base {

/// The rows of a text, a field each column. The separator is the one that its first line has the most of: a comma, a semicolon or a
/// tab. A byte order mark is skipped, and so are empty lines. Throws std::runtime_error where quotes are not as they should be.
std::vector<std::vector<std::string>> csv_rows(const std::string& text);

/// One row with its line end, every field quoted.
std::string csv_row(const std::vector<std::string>& fields);

/// A stranger's word as a field that no spreadsheet computes: with an apostrophe before = + - @.
std::string no_formula(const std::string& field);

}  // namespace base
