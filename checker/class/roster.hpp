// The people of a class, as an instructor's table has them (a CSV of any platform), and who of them a name in an export means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "class/handed_in.hpp"

namespace intake {

struct Person {
  std::string id, name, email, section;  ///< as the roster has them; empty where it has not
  int row = 0;                           ///< of the table, its header being 0
  std::vector<std::string> also;         ///< whatever else may stand for the person in an export: user name, number, "Last, First"
};

/// The people in a table whose first row names its columns: id, student id, sis id, user, username, login, github, name, first name,
/// last name, email, section, in any case and order. Throws std::runtime_error with the line where it is none.
std::vector<Person> read_roster(const std::string& text);

/// Who is meant: by number, user name, address or name. Nothing where it is nobody, or could be two.
std::optional<size_t> find_person(const std::vector<Person>& roster, const HandedIn& handed_in);

}  // namespace intake
