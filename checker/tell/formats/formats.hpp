// The formats that a grading can be exported to, by name. Knows none of them from inside.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "results/record.hpp"
#include "tell/formats/classroom50.hpp"

namespace tell::formats {

struct Exported {
  std::string text;
  /// What the platform cannot read in the text and must be told by the exit status, as a sentence; empty where there is nothing.
  std::string trouble;
};

struct Format {
  std::string name;
  std::string what;  ///< one line for the list
  std::function<Exported(const results::Run&, const Submission&)> write;
};

const std::vector<Format>& all_formats();

/// Their names, those first that a person may have meant.
std::vector<std::string> names_nearest_first(const std::string& meant);

}  // namespace tell::formats
