// Which of the sources that were handed in belong to which lab: by their names, wherever they lie, and what was put right on the
// way. Pure: knows no file and no person.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "class/found.hpp"
#include "course/lab.hpp"

namespace intake {

/// What is known of a lab: its programs, and the text of every file of its skeleton.
struct Wanted {
  course::Lab lab;
  std::vector<std::string> programs;
  std::vector<std::pair<std::string, std::string>> skeleton;
};

/// What was handed in for one lab.
struct Sorted {
  course::Lab lab;
  std::vector<std::pair<std::string, std::string>> files;  ///< name and text; none where it was refused
  std::vector<std::string> notes;                          ///< what was put right, a sentence each
  std::string refused;                                     ///< why it cannot be graded
  std::int64_t modified = 0;                               ///< the latest of its own files: seconds since 1970, 0: not told
};

/// Those labs of which anything was handed in.
std::vector<Sorted> sort_into_labs(const std::vector<Found>& files, const std::vector<Wanted>& labs);

}  // namespace intake
