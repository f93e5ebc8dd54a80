// Between doctest and the grader: the list of cases, and one case run to a record.
// A lab's cases are those of the doctest suite with the lab's name, in the order of their files.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"
#include "results/record.hpp"

namespace grade {

struct Case {
  unsigned index = 0;  ///< doctest's, in file order, from 1
  course::Lab lab;
  std::string id;
  std::string title;
  int number = 0;  ///< within its lab, from 1
  int points = 0;
  std::vector<std::string> needs;
  std::string hint;
  std::vector<int> todos;  ///< numbers of the skeleton's TODOs that it is the first to ask for
  bool stretch = false;
  bool sanitized = false;  ///< runs the lab's programs built with ThreadSanitizer
};

/// Every case that is compiled in, in order. Throws std::logic_error on a case without id, with one used twice, or that
/// needs one that does not come before it.
std::vector<Case> all_cases();
/// Those of one lab.
std::vector<Case> cases_of(const course::Lab& lab);
/// The ids of all cases of these labs.
std::vector<std::string> ids_of(const std::vector<course::Lab>& labs);

/// A record of it that is not run yet.
results::Record blank(const Case& c);

/// Runs it in this process, where `lab` is open. Never throws for what the program does.
results::Record run(const Case& c);

}  // namespace grade
