#include "study/likely_todos.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/faults.hpp"
#include "study/change.hpp"

namespace study {
namespace {

constexpr size_t most = 2;

// The lines of the solution that stand in place of a TODO.
struct Place {
  int todo;
  std::string file;
  size_t first, last;
};

std::vector<Place> places_in(const course::Lab& lab) {
  std::vector<Place> places;
  const std::vector<Change> changes = changes_in(lab);
  for (int todo = 1; !words_of(lab, todo).empty(); ++todo)
    for (const Change& c : changes)
      if (is_for(c, todo)) places.push_back({todo, c.file, c.first_line, c.first_line + std::max<size_t>(c.lines.size(), 1) - 1});
  return places;
}

// The TODOs in whose lines a patch on the solution changes something.
std::set<int> todos_changed_by(const std::string& patch, const std::vector<Place>& places) {
  std::set<int> todos;
  std::string file;
  size_t line = 0;
  for (const std::string& text : base::split(patch, '\n')) {
    if (text.starts_with("--- a/")) file = text.substr(6);
    else if (text.starts_with("@@ -")) line = std::strtoul(text.c_str() + 4, nullptr, 10);
    if (file.empty() || text.starts_with("---") || text.starts_with("+++") || text.starts_with("@@")) continue;
    const bool adds = text.starts_with("+"), changes = adds || text.starts_with("-");
    for (const Place& place : places)  // what is added may stand behind the last line
      if (changes && place.file == file && line >= place.first && line <= place.last + (adds ? 1 : 0)) todos.insert(place.todo);
    if (!adds) ++line;
  }
  return todos;
}

std::vector<int> by_votes(const std::map<int, int>& votes) {
  std::vector<std::pair<int, int>> sorted(votes.begin(), votes.end());
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<int> todos;
  for (const auto& [todo, count] : sorted)
    if (todos.size() < most) todos.push_back(todo);
  return todos;
}

}  // namespace

std::vector<int> todos_of_fault(const course::Fault& fault, const course::Lab& lab) {
  if (!fault.path.ends_with(".patch")) return {};
  const std::set<int> todos = todos_changed_by(base::read_file(fault.path), places_in(lab));
  return {todos.begin(), todos.end()};
}

std::vector<int> likely_todos(const results::Record& failure) {
  const course::Lab lab(failure.lab);
  if (!std::filesystem::is_directory(course::course_folder() + "/solutions/" + lab.key())) return {};
  const std::vector<Place> places = places_in(lab);
  const std::string drawn = failure.diagnoses.empty() ? "" : failure.diagnoses.front();
  // The more it has in common with the failure, the more it says: both, the check alone, the diagnosis alone.
  std::map<int, int> by_both, by_check, by_diagnosis;
  for (const course::Fault& fault : course::faults_of(lab)) {
    if (!fault.path.ends_with(".patch")) continue;
    const bool check = fault.fails.front() == failure.id,
               diagnosis = !drawn.empty() && !fault.draws.empty() && fault.draws.front() == drawn;
    if (!check && !diagnosis) continue;
    for (const int todo : todos_changed_by(base::read_file(fault.path), places)) {
      if (check && diagnosis) ++by_both[todo];
      if (check) ++by_check[todo];
      if (diagnosis) ++by_diagnosis[todo];
    }
  }
  return by_votes(!by_both.empty() ? by_both : !by_check.empty() ? by_check : by_diagnosis);
}

}  // namespace study
