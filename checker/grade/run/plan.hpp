// What one grading is asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "course/lab.hpp"
#include "play/testbed/budget.hpp"

namespace grade {

struct Plan {
  std::string tree = "labs";      ///< the folder that holds NN-name folders
  std::vector<course::Lab> labs;  ///< which of them
  std::string check = {};         ///< only the case with this id; empty: all
  bool keep = false;              ///< keep what the checks left in their folders
  double patience = 1;            ///< the factor on every budget, beside the machine's own (pace.hpp)
  play::Budget budget = {};       ///< of each wait, before patience
  std::optional<std::uint32_t> seed = {};
  unsigned rooms = 0;       ///< at once, at most; 0: as many as the machine bears
  /// The tree is a copy of what somebody has in a labs/ of their own: lines that repeat a failure are written for there, and no
  /// executable is kept.
  bool copied = false;
  bool lean = false;        ///< programs that nobody will debug, built faster
  bool show_calls = false;  ///< run the failure that is told in full once more, below strace
};

/// The environment variables PATIENCE, SEED, and LATE (budget.hpp), where they are numbers. Throws std::runtime_error where they are not.
double patience_asked_for();
int lateness_asked_for();
std::optional<std::uint32_t> seed_asked_for();
/// One for a run that was not asked for any: of four digits at most, for a person types it to have the run again.
std::uint32_t seed_drawn();

/// What a check's words and numbers are drawn from: its own, the same each time, unless the run has one.
std::uint32_t seed_of(const std::string& lab, const std::string& id, std::optional<std::uint32_t> asked);

}  // namespace grade
