#include "class/roster.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "base/csv.hpp"
#include "base/text.hpp"

namespace intake {
namespace {

// Letters and digits alone, small ones: "Lovelace, Ada" and "lovelace ada" are one. Bytes beyond ASCII stay.
std::string bare(const std::string& text) {
  std::string only;
  for (const unsigned char c : text)
    if (c >= 0x80 || std::isalnum(c)) only += static_cast<char>(std::tolower(c));
  return only;
}

enum class Column { id, also, name, first, last, email, section };

const std::map<std::string, Column>& columns() {
  static const std::map<std::string, Column> all{{"id", Column::id},
                                                 {"studentid", Column::id},
                                                 {"sid", Column::id},
                                                 {"student", Column::name},
                                                 {"idnumber", Column::id},
                                                 {"sisid", Column::also},
                                                 {"sisuserid", Column::also},
                                                 {"sisloginid", Column::also},
                                                 {"user", Column::also},
                                                 {"username", Column::also},
                                                 {"login", Column::also},
                                                 {"github", Column::also},
                                                 {"githubid", Column::also},
                                                 {"name", Column::name},
                                                 {"fullname", Column::name},
                                                 {"studentname", Column::name},
                                                 {"first", Column::first},
                                                 {"firstname", Column::first},
                                                 {"givenname", Column::first},
                                                 {"last", Column::last},
                                                 {"lastname", Column::last},
                                                 {"surname", Column::last},
                                                 {"familyname", Column::last},
                                                 {"email", Column::email},
                                                 {"emailaddress", Column::email},
                                                 {"section", Column::section},
                                                 {"group", Column::section}};
  return all;
}

Person person_of(const std::vector<std::string>& header, const std::vector<std::string>& row) {
  Person person;
  std::string first, last;
  for (size_t i = 0; i < header.size() && i < row.size(); ++i) {
    const auto column = columns().find(bare(header[i]));
    if (column == columns().end() || row[i].empty()) continue;
    switch (column->second) {
      case Column::id: person.id = row[i]; break;
      case Column::also: person.also.push_back(row[i]); break;
      case Column::name: person.name = row[i]; break;
      case Column::first: first = row[i]; break;
      case Column::last: last = row[i]; break;
      case Column::email: person.email = row[i]; break;
      case Column::section: person.section = row[i]; break;
    }
  }
  if (!first.empty() || !last.empty()) {
    if (person.name.empty()) person.name = first + (first.empty() || last.empty() ? "" : " ") + last;
    for (const std::string& other : {first + last, last + first}) person.also.push_back(other);
  }
  if (const size_t comma = person.name.find(", "); comma != std::string::npos)
    person.also.push_back(person.name.substr(comma + 2) + person.name.substr(0, comma));
  if (!person.email.empty()) person.also.push_back(person.email.substr(0, person.email.find('@')));
  return person;
}

}  // namespace

std::vector<Person> read_roster(const std::string& text) {
  const auto rows = base::csv_rows(text);
  if (rows.empty()) throw std::runtime_error("the roster is empty");
  const auto known = [](const std::string& name) { return columns().contains(bare(name)); };
  if (std::ranges::none_of(rows[0], known))
    throw std::runtime_error("line 1 of the roster names none of the columns id, name, first name, last name, username, email");
  std::vector<Person> people;
  for (size_t i = 1; i < rows.size(); ++i) {
    Person person = person_of(rows[0], rows[i]);
    if (person.name.empty() && person.id.empty() && person.email.empty() && person.also.empty()) continue;
    if (person.name.empty()) person.name = !person.id.empty() ? person.id : !person.email.empty() ? person.email : person.also.front();
    person.row = static_cast<int>(i);
    people.push_back(std::move(person));
  }
  return people;
}

std::optional<size_t> find_person(const std::vector<Person>& roster, const HandedIn& handed_in) {
  // A number or user name says more than a name, which two may have.
  const auto among = [&](const std::string& word, bool names_too) {
    std::vector<size_t> found;
    for (size_t i = 0; i < roster.size() && !bare(word).empty(); ++i) {
      const Person& p = roster[i];
      const auto means = [&](const std::string& text) { return bare(text) == bare(word); };
      if (means(p.id) || means(p.email) || std::ranges::any_of(p.also, means) || (names_too && means(p.name))) found.push_back(i);
    }
    return found;
  };
  for (const auto& found : {among(handed_in.id, false), among(handed_in.who, true)})
    if (found.size() == 1) return found.front();
  return std::nullopt;
}

}  // namespace intake
