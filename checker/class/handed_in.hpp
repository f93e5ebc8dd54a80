// Whose is what lies in a folder of submissions: the names that Moodle, Canvas and Blackboard give to what they export, or a folder
// or archive a student. Pure: knows no file.
#pragma once

#include <string>
#include <vector>

namespace intake {

/// What one person has handed in.
struct HandedIn {
  std::string who;                 ///< as the platform writes the name
  std::string id;                  ///< the platform's number or user name; empty: none
  std::vector<std::string> names;  ///< in the folder of submissions
  bool late = false;               ///< the platform says so
  std::vector<std::string> notes;
};

/// In the order of who. What is nobody's (a platform's own index, hidden files) is left out.
std::vector<HandedIn> by_person(const std::vector<std::string>& names);

}  // namespace intake
