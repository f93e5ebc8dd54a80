// Grades: builds the programs, runs the cases side by side in processes of their own, gathers the records.
// Knows nothing of how a result is shown.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "grade/record.hpp"

namespace grade {

struct Plan {
  std::string tree = "labs";      ///< the folder that holds NN-name folders
  std::vector<std::string> labs;  ///< which of them
  std::string check = {};         ///< only the case with this id; empty: all
  bool keep = false;              ///< keep what the checks left in their folders
};

/// Where the executables of a tree lie: build/labs, build/solutions, build/trees/NAME-HASH.
std::string executables_of(const std::string& tree);

/// What changed: called after every record, with the run so far.
using Progress = std::function<void(const Run& run)>;

/// With `keep`, each check's files and timeline stay in this folder, below LAB/ID.
std::string kept_folder();

/// Every selected case has a record; one that is `not run` means that the run was interrupted.
Run grade(const Plan& plan, const Progress& progress);

}  // namespace grade
