// What there is to tell of one failure, in its parts. Does not know where it is told: a terminal and a page lay the same parts out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "course/catalogue.hpp"
#include "results/record.hpp"

namespace tell {

struct Explanation {
  std::string sentence;            ///< what was expected, and what came
  std::vector<std::string> lines;  ///< processes, and who has which end
  std::vector<std::string> steps;  ///< what the check itself did last
  std::string calls_are;           ///< the sentence before the calls
  std::vector<std::string> calls;
  std::string hint;
  std::string by_hand;  ///< the line that runs it in a shell
  std::string again;    ///< the line that grades it again
  std::optional<course::Diagnosis> mistake;
};

/// "expected that it exits with 0, but it is stuck": the sentence of a failure, in as many lines as the record has.
std::string what_differs(const results::Record& record);

/// `run` tells how to ask for it again. Of what could not be checked there is a sentence alone.
Explanation explain(const results::Record& record, const results::Run& run);

/// "make grade LAB=01 CHECK=end-of-file SEED=7"; the whole lab where there is no `check`.
std::string line_to_grade_again(const std::string& lab, const std::string& check, const results::Run& run);

}  // namespace tell
