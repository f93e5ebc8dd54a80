// results.json: the writer, and the reader beside it. Version 2; the reader takes version 1 too, whose missing fields
// stay empty. Fields are only ever added within a version, and a reader ignores what it does not know
// (results-2.schema.json).
#pragma once

#include <string>

#include "results/record.hpp"

namespace results {

/// The whole run as results.json has it, with a newline at its end.
std::string to_json(const Run& run);
/// Throws std::runtime_error when it is no results.json of a version that is known.
Run from_json(const std::string& text);

/// One record as one line of a journal, without the newline.
std::string to_line(const Record& record);
/// Throws std::runtime_error when it is none.
Record from_line(const std::string& line);

/// With its files, for the way from a check's process to the grader.
std::string pack(const Record& record);
/// Throws std::runtime_error when it is not a record.
Record unpack(const std::string& packed);

}  // namespace results
