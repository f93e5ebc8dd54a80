// ipclab hint: the next step of help with the first failure of a lab, from its last grading.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "base/text.hpp"
#include "grade/run/cases.hpp"
#include "results/journal.hpp"
#include "results/printable.hpp"
#include "results/score.hpp"
#include "study/hint.hpp"
#include "study/likely_todos.hpp"
#include "tell/page.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

// The TODOs that a check is the first to ask for; where it is not the first for any, those of the checks it needs.
std::vector<int> todos_of(const std::vector<grade::Case>& cases, const std::string& id) {
  const auto found = std::ranges::find(cases, id, &grade::Case::id);
  if (found == cases.end()) return {};
  std::vector<int> todos = found->todos;
  for (size_t i = found->needs.size(); todos.empty() && i-- > 0;) todos = todos_of(cases, found->needs[i]);
  std::ranges::sort(todos, std::greater());  // the last one is the likeliest: what came before has passed
  return todos;
}

std::string shown(const study::Hint& hint, size_t step, size_t of, const tell::Style& style) {
  std::string out = tell::wrapped(style, fmt::format("{} of {}  ", step, of), tell::paint(style, "1", hint.heading));
  for (const std::string& text : hint.texts) out += "\n" + tell::wrapped(style, "  ", text);
  if (!hint.lines.empty()) out += "\n";
  for (const std::string& line : hint.lines) out += line.empty() ? "\n" : "  " + line + "\n";
  return out;
}

int give_hint(const std::string& wanted) {
  const std::vector<course::Lab> labs = course::labs_named(wanted);
  if (labs.empty()) return no_such_lab(wanted);
  const std::string path = course::build_folder() + "/results/labs/results.json";
  const std::string grade_it = "make grade" + (labs.size() == 1 ? " LAB=" + labs[0].number() : "");
  if (!std::filesystem::exists(path)) return wrong("nothing has been graded yet: " + grade_it);
  const results::Run run = results::load(path);
  std::vector<const results::Record*> records;
  for (const results::Record& r : run.records)
    if (std::ranges::any_of(labs, [&](const course::Lab& lab) { return lab.key() == r.lab; }) && !r.stretch) records.push_back(&r);
  if (records.empty()) return wrong(course::listed(labs) + " was not graded last: " + grade_it);
  const results::Record* failure = results::first_failure(records);
  if (failure == nullptr) {
    std::printf("nothing fails: there is nothing to hint at\n");
    return all_passed;
  }
  const results::Record clean = results::printable(*failure);
  if (clean.result == results::Result::could_not_check)
    return wrong(clean.lab + "/" + clean.id + " could not be checked: make grade again");
  const tell::Style style = tell::style_of_output(false);
  std::printf("%s\n", tell::wrapped(style, "", clean.lab + "/" + clean.id + ": " + clean.title).c_str());
  std::vector<int> todos;  // what has not been begun comes first, whatever else may be wrong
  if (clean.todos.empty()) todos = study::likely_todos(clean);
  if (todos.empty()) todos = todos_of(grade::cases_of(course::Lab(clean.lab)), clean.id);
  const std::vector<study::Hint> hints = study::hints_for(clean, todos);
  study::Shown progress(course::build_folder() + "/study/hints");
  const std::string name = study::name_of(clean);
  const size_t step = std::min(hints.size(), static_cast<size_t>(progress.of(name)) + 1);
  if (hints.empty()) return wrong("there is no hint for it but the report's own");
  std::fputs(shown(hints[step - 1], step, hints.size(), style).c_str(), stdout);
  progress.set(name, static_cast<int>(step));
  if (step < hints.size())
    std::printf("\nmake hint LAB=%s again says more: %s\n", course::Lab(clean.lab).number().c_str(), hints[step].heading.c_str());
  return all_passed;
}

}  // namespace

void add_hint(CLI::App& app, Work& work) {
  const auto lab = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("hint", "the next step of help with the first failure of the last grading");
  verb->add_option("--lab", *lab, "one lab: 01, pipeline or 01-pipeline")->envname("IPCLAB_LAB");
  verb->callback([&work, lab] { work = [lab] { return give_hint(*lab); }; });
}

}  // namespace verbs
