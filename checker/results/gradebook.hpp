// The grades of a class: who has which points in which lab, and what there is to say of it. Data only, from which every table and page
// is derived; the records behind the points are read where a page needs them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace results {

struct Grade {
  enum class State {
    not_handed_in,
    refused,     ///< handed in, but not so that it could be graded: `notes` say why
    not_graded,  ///< the grader's trouble, or its work has not come so far
    graded,
  };
  std::string lab;
  State state = State::not_handed_in;
  int points = 0;  ///< what counts
  std::string instead;             ///< what did the lab's work, where something else did: so many points count at most (score.hpp)
  std::vector<std::string> notes;  ///< what was put right when it was taken in, or why it was refused
};

struct Grades {
  std::string key;  ///< of files: ASCII
  std::string name, id, email, section;  ///< as the roster or the platform has them: UTF-8, a stranger's words
  int roster_row = 0;              ///< which row of the roster's table; 0, its header: none
  bool late = false;
  std::string refused;             ///< why nothing of it was graded; empty: it was
  std::vector<std::string> notes;
  std::vector<Grade> labs;  ///< one for each lab of the gradebook, in its order

  int total() const;
};

struct Gradebook {
  std::string source;
  std::vector<std::string> labs;  ///< that anybody has handed in
  std::vector<std::string> notes;
  std::vector<Grades> students;
  /// The points of all who have a grade in the lab at this place, the fewest first.
  std::vector<int> points_in(size_t lab) const;
  /// The record behind a grade. Throws where it cannot be read.
  std::function<Run(const Grades& student, const Grade& grade)> record_of;
};

}  // namespace results
