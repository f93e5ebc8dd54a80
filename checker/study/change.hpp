// What a TODO of a skeleton asks for, as the difference to the solution shows it (diff(1)): so nothing is written twice. In a tree
// without solutions there is none.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"

namespace study {

struct Change {
  std::string file;                ///< "pipeline.cpp"
  std::string function;            ///< the line of code that begins it; empty outside of one
  size_t first_line = 0;           ///< of the solution, counted from 1
  std::vector<std::string> lines;  ///< of the solution, in place of the skeleton's TODO
  std::string asked;               ///< what the skeleton has there: the comment with the TODO, and what stands in for now
  std::vector<std::string> calls;  ///< functions that these lines call and the skeleton's did not, in order: "pipe2", "close"
};

/// All that the solution has and the skeleton has not, in all files of the lab.
std::vector<Change> changes_in(const course::Lab& lab);
bool is_for(const Change& change, int todo);
/// The changes at this TODO.
std::vector<Change> changes_for(const course::Lab& lab, int todo);

/// The comments of the skeleton that name the TODO, with it: "TODO 4: what does main still hold now?"
std::vector<std::string> words_of(const course::Lab& lab, int todo);

}  // namespace study
