// ipclab regrade: grades one student's lab once more, with the seed it had, and says what differs. It changes no grade.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "class/intake.hpp"
#include "class/jobs.hpp"
#include "grade/run/plan.hpp"
#include "grade/run/runner.hpp"
#include "results/difference.hpp"
#include "results/journal.hpp"
#include "tell/report.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

struct Wish {
  std::string work, student, lab;
};

// By key, or by any part of a name that one alone has.
std::vector<const intake::Student*> students_called(const intake::Class& all, const std::string& word) {
  std::vector<const intake::Student*> found;
  for (const intake::Student& s : all.students) {
    if (s.key == word || s.id == word || s.name == word) return {&s};
    if (s.name.find(word) != std::string::npos || s.key.starts_with(word)) found.push_back(&s);
  }
  return found;
}

int regrade(const Wish& wish) {
  const intake::Class all = intake::class_in(wish.work);
  const auto found = students_called(all, wish.student);
  if (found.size() != 1) {
    std::vector<std::string> keys;
    for (const intake::Student* s : found) keys.push_back(s->key);
    return wrong(found.empty() ? "nobody in this class is called " + wish.student
                               : "more than one is called so: " + base::join(base::first_of(keys, 12), ", "));
  }
  const std::vector<course::Lab> labs = course::labs_named(wish.lab);
  if (labs.size() != 1) return no_such_lab(wish.lab);
  const std::string path = intake::results_of(wish.work, found[0]->key, labs[0].key()) + ".json";
  if (!std::filesystem::exists(path)) return wrong(found[0]->key + " has no result of " + labs[0].key());
  const results::Run before = results::load(path);
  grade::Plan plan{intake::tree_of(wish.work, *found[0]), labs};
  plan.seed = before.seed;
  plan.patience = grade::patience_asked_for();
  plan.copied = plan.show_calls = true;
  const results::Run now = grade::grade(plan);
  std::fputs(tell::report(now, tell::style_of_output(false)).c_str(), stdout);
  const results::Difference d = results::difference(before, now);
  std::printf("\n%s, %s, seed %s: %s\n", base::printable(found[0]->name).c_str(), labs[0].key().c_str(),
              before.seed ? std::to_string(*before.seed).c_str() : "none",
              d.verdicts.empty() ? "the same as before" : "not the same as before");
  for (const auto& lines : {d.verdicts, d.means})
    for (const std::string& line : lines) std::printf("  %s\n", base::printable(line).c_str());
  return d.verdicts.empty() ? all_passed : something_failed;
}

}  // namespace

void add_regrade(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Wish>();
  CLI::App* verb = app.add_subcommand("regrade", "grade one student's lab once more, and say what differs");
  verb->add_option("--work", o->work, "the class's folder: build/class/NAME")->required()->envname("IPCLAB_OUT");
  verb->add_option("--student", o->student, "a key, a number, or part of a name")->required()->envname("IPCLAB_STUDENT");
  verb->add_option("--lab", o->lab, "the lab")->required()->envname("IPCLAB_LAB");
  verb->callback([&work, o] { work = [o] { return regrade(*o); }; });
}

}  // namespace verbs
