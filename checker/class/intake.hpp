// From what a platform exports to one tree a student, as `make grade TREE=` would take it: unpacked, found, put right or refused, with a
// reason for that student alone.
#pragma once

#include <functional>
#include <string>

#include "class/people.hpp"
#include "course/lab.hpp"

namespace intake {

struct Asked {
  std::string submissions;        ///< a folder of submissions
  std::string roster;             ///< a CSV; empty: whoever has handed in is the class
  std::vector<course::Lab> labs;  ///< which are graded
  std::string work;               ///< the folder for all that is made
};

/// Writes WORK/trees/KEY/NN-name/... and WORK/class.json anew. `progress` hears of each person. Throws where the folder cannot be
/// read, or is not one of submissions.
Class take_in(const Asked& asked, const std::function<void(size_t done, size_t all)>& progress);

/// What an intake has written. Throws where there is none.
Class class_in(const std::string& work);

/// The copy of the roster, where the class has one.
std::string roster_in(const std::string& work);

/// The tree of one student.
std::string tree_of(const std::string& work, const Student& student);

}  // namespace intake
