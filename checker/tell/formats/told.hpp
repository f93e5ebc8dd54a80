// One grading as every format tells it: which result counts as what, which points count, in which words. Decided here once, so
// that no two platforms ever show two totals. Knows no format; reads no file, no clock and no environment.
#pragma once

#include <string>
#include <vector>

#include "results/record.hpp"
#include "results/score.hpp"

namespace tell::formats {

/// What a platform can make of a result.
enum class Verdict {
  passed,
  failed,   ///< the program does not hold it
  skipped,  ///< not tried; or a stretch goal that is not held: the points, if it has any, are not earned
  open,     ///< could not be checked, or was not run: the grader's trouble
};

struct Check {
  results::Record record;  ///< all of its texts can be shown (results::printable)
  Verdict verdict = Verdict::passed;
  std::string name;       ///< "end-of-file: the reader meets ...", on one line
  std::string full_name;  ///< with its lab before it where there are several
  /// What counts. A stretch goal has none; what goes beyond a lab's cap is not earned, so that all of them add up to the score.
  int earned = 0, possible = 0;
  std::string brief;  ///< why, on one line; empty where it passed
  std::string text;   ///< the same in full, in printable ASCII; empty where there is nothing to say
};

struct Lab {
  results::Score score;
  std::vector<Check> checks;
  std::vector<std::string> warnings;  ///< of the compiler, in this lab's files
};

struct Told {
  std::vector<Lab> labs;
  int earned = 0, possible = 0;
  std::string open;                ///< a sentence: what could not be checked, and what that means; empty where all was
  std::vector<std::string> notes;  ///< what a reader must know beside the checks: caps, what is open, a weaker room
};

Told told(const results::Run& run);

/// At most so many bytes of a text, in whole lines; says how many are missing.
std::string shortened(const std::string& text, size_t most);

}  // namespace tell::formats
