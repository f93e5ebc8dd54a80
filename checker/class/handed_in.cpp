#include "class/handed_in.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <regex>

#include "class/found.hpp"

namespace intake {
namespace {

struct Part {
  std::string who, id, name;
  std::string attempt;  ///< when it was handed in, where there may be several of one person
  bool late = false;
};

// "Ada Lovelace_123456_assignsubmission_file_", and behind it the file's name where everything lies in one folder.
bool from_moodle(const std::string& name, Part& part) {
  static const std::regex form(R"((.+)_(\d+)_assignsubmission_(file|onlinetext)(_.*)?)");
  std::smatch m;
  if (!std::regex_match(name, m, form)) return false;
  part = {m[1], m[2], m[3] == "file" ? name : "", {}, false};
  return true;
}

// "ADA_attempt_2026-12-01-10-11-12_pipeline.cpp" behind the assignment's name; without a file's name it is a receipt.
bool from_blackboard(const std::string& name, Part& part) {
  static const std::regex form(R"((?:.+_)?([^_]+)_attempt_(\d{4}(?:-\d\d){5})(_.+)?(?:\.txt)?)");
  std::smatch m;
  if (!std::regex_match(name, m, form)) return false;
  part = {m[1], m[1], m[3].length() > 0 && !name.ends_with(".txt") ? name : "", m[2], false};
  return true;
}

// "lovelaceada_LATE_12345_678901_pipeline.cpp": the name without spaces, the person's number, the file's number.
bool from_canvas(const std::string& name, Part& part) {
  static const std::regex form(R"(([^_]+)(_LATE)?_(\d{2,})_(\d{2,})_(.+))");
  std::smatch m;
  if (!std::regex_match(name, m, form)) return false;
  part = {m[1], m[3], name, {}, m[2].length() > 0};
  return true;
}

// A folder or an archive a student.
Part named_alike(const std::string& name) {
  std::string who = name.substr(0, is_archive(name) ? name.rfind('.') : std::string::npos);
  if (who.ends_with(".tar")) who.resize(who.size() - 4);
  return {who, {}, name, {}, false};
}

void add_to(HandedIn& person, std::string& attempt, Part part) {
  if (part.attempt > attempt && !attempt.empty()) {
    person.notes.push_back(fmt::format("handed in more than once: the latest is graded, of {}", part.attempt));
    person.names.clear();
  }
  if (part.attempt < attempt) return;
  attempt = part.attempt;
  person.late = person.late || part.late;
  if (!part.name.empty()) person.names.push_back(part.name);
}

}  // namespace

std::vector<HandedIn> by_person(const std::vector<std::string>& names) {
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  std::map<std::pair<std::string, std::string>, std::pair<HandedIn, std::string>> all;
  for (const std::string& name : sorted) {
    if (name.starts_with(".") || name == "__MACOSX" || name == "index.html" || name == "submission_metadata.yml") continue;
    Part part;
    if (!from_moodle(name, part) && !from_blackboard(name, part) && !from_canvas(name, part)) part = named_alike(name);
    auto& [person, attempt] = all[{part.who, part.id}];
    person.who = part.who;
    person.id = part.id;
    add_to(person, attempt, part);
  }
  std::vector<HandedIn> people;
  for (auto& [key, value] : all) people.push_back(std::move(value.first));
  return people;
}

}  // namespace intake
