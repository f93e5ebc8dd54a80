// What a lab's records come to. The one place where points are added.
// Does not know why a mechanism was missing: each record says it.
#pragma once

#include <string>
#include <vector>

#include "results/record.hpp"

namespace results {

/// Who lets something else do what a lab is about keeps at most this much of its 100 points.
constexpr int most_without_mechanism = 20;

struct Score {
  std::string lab;
  int earned = 0, possible = 0;  ///< of the base cases; `earned` is what counts
  int lost_to_cap = 0;           ///< points that were there, and do not count
  std::string instead;           ///< what did the lab's work, where something else did
  int failed = 0;                ///< base cases that failed for a reason of their own
  int unknown = 0;               ///< base cases that could not be checked or were not run
};

/// Of the records of one lab.
Score score_of(const std::vector<const Record*>& records);
/// The failure to read first: one of a program that has begun, before one of what is still to be done. Nullptr: none.
const Record* first_failure(const std::vector<const Record*>& records);
/// One for each lab, in the order of their first records.
std::vector<Score> scores_of(const Run& run);

}  // namespace results
