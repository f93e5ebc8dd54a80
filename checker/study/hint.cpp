#include "study/hint.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <regex>
#include <system_error>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/catalogue.hpp"
#include "study/change.hpp"
#include "study/handout.hpp"

namespace study {
namespace {

constexpr size_t most_todos = 2;  // a hint about everything is none

Hint question(const results::Record& failure, const std::optional<course::Diagnosis>& mistake, const std::vector<int>& todos) {
  Hint hint{"A question", {}, {}};
  const std::string asked = mistake && !mistake->hint.empty() ? mistake->hint : failure.hint;
  if (!failure.todos.empty())
    hint.texts.push_back("this check asks for " + base::join(failure.todos, ", ") + ", which has not been begun");
  if (!asked.empty()) hint.texts.push_back(asked);
  if (hint.texts.empty() && !todos.empty())
    hint.texts.push_back(fmt::format("what does TODO {} ask for, and what does the report say came instead?", todos.front()));
  return hint;
}

Hint idea(const course::Lab& lab, const std::optional<course::Diagnosis>& mistake, const std::vector<int>& todos) {
  Hint hint{"The idea", {}, {}};
  if (mistake) {
    hint.texts.push_back(mistake->title + ".");
    hint.lines = base::split(mistake->text, '\n');
    while (!hint.lines.empty() && hint.lines.back().empty()) hint.lines.pop_back();
    if (!mistake->manual.empty()) hint.lines.push_back("Read: " + mistake->manual);
    return hint;
  }
  for (const int todo : todos)
    if (const std::string step = step_of(lab, todo); !step.empty())
      hint.texts.push_back(fmt::format("Step {} of the handout: {}", todo, step));
  return hint;
}

// "start" of "static pid_t start(const Stage& stage, int input) {".
std::string function_name(const std::string& line) {
  static const std::regex named(R"(([A-Za-z_]\w*)\s*\((?!\())");
  std::smatch m;
  return std::regex_search(line, m, named) ? m[1].str() : std::string();
}

Hint plan(const course::Lab& lab, const std::optional<course::Diagnosis>& mistake, const std::vector<int>& todos) {
  Hint hint{"A plan", {}, {}};
  for (const int todo : todos) {
    for (const std::string& words : words_of(lab, todo)) hint.texts.push_back(words);
    if (const std::string step = step_of(lab, todo); mistake && !step.empty())
      hint.texts.push_back(fmt::format("Step {} of the handout: {}", todo, step));
    for (const Change& change : changes_for(lab, todo)) {
      if (change.lines.empty()) continue;
      const std::string where = function_name(change.function);
      hint.texts.push_back(fmt::format("TODO {} in {}{}: the reference has {} line{} there{}.", todo, change.file,
                                       where.empty() ? "" : ", " + where + "()", change.lines.size(),
                                       change.lines.size() == 1 ? "" : "s",
                                       change.calls.empty() ? "" : ", and calls " + base::join(change.calls, "(), ") + "()"));
    }
  }
  return hint;
}

Hint the_lines(const course::Lab& lab, const std::vector<int>& todos) {
  Hint hint{"The lines, one way to write them", {}, {}};
  for (const int todo : todos)
    for (const Change& change : changes_for(lab, todo)) {
      if (change.lines.empty()) continue;
      hint.lines.push_back(fmt::format("// {}, in place of TODO {}", change.file, todo));
      hint.lines.insert(hint.lines.end(), change.lines.begin(), change.lines.end());
      hint.lines.emplace_back();
    }
  while (!hint.lines.empty() && hint.lines.back().empty()) hint.lines.pop_back();
  return hint;
}

}  // namespace

std::vector<Hint> hints_for(const results::Record& failure, const std::vector<int>& todos) {
  const course::Lab lab(failure.lab);
  const auto mistake = failure.diagnoses.empty() ? std::nullopt : course::diagnosis(failure.diagnoses.front());
  const std::vector<int> few(todos.begin(), todos.begin() + static_cast<std::ptrdiff_t>(std::min(todos.size(), most_todos)));
  std::vector<Hint> all{question(failure, mistake, few), idea(lab, mistake, few), plan(lab, mistake, few), the_lines(lab, few)};
  std::erase_if(all, [](const Hint& h) { return h.texts.empty() && h.lines.empty(); });
  return all;
}

std::string name_of(const results::Record& failure) {
  return failure.lab + "/" + failure.id + (failure.diagnoses.empty() ? "" : " " + failure.diagnoses.front());
}

Shown::Shown(std::string path) : path_(std::move(path)) {
  if (!std::filesystem::exists(path_)) return;
  for (const std::string& line : base::split(base::read_file(path_), '\n')) {
    const size_t space = line.find(' ');
    if (space != std::string::npos) all_.emplace_back(line.substr(space + 1), std::atoi(line.c_str()));
  }
}

int Shown::of(const std::string& failure) const {
  const auto found = std::ranges::find(all_, failure, [](const auto& one) { return one.first; });
  return found == all_.end() ? 0 : found->second;
}

void Shown::set(const std::string& failure, int steps) {
  const auto found = std::ranges::find(all_, failure, [](const auto& one) { return one.first; });
  if (found == all_.end()) all_.emplace_back(failure, steps);
  else found->second = steps;
  std::string text;
  for (const auto& [name, shown] : all_) text += fmt::format("{} {}\n", shown, name);
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
  base::write_file(path_, text);
}

}  // namespace study
