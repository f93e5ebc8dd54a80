// ipclab grade: grades a tree of labs, keeps the results as they come, and reports.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <unistd.h>

#include "base/text.hpp"
#include "grade/run/cases.hpp"
#include "grade/run/keep.hpp"
#include "grade/run/runner.hpp"
#include "grade/build/workshop.hpp"
#include "results/journal.hpp"
#include "tell/report.hpp"
#include "verbs/verb.hpp"

namespace verbs {
namespace {

namespace fs = std::filesystem;

struct Grading {
  std::string lab, check, tree = "labs", json;
  bool keep = false, plain = false, copied = false;
  unsigned rooms = 0;
};

std::string results_path(const Grading& o) {
  if (!o.json.empty()) return o.json;
  return course::build_folder() + "/results/" + fs::path(grade::executables_of(o.tree)).filename().string() +
         "/results.json";
}

int status_of(const results::Run& run) {
  int worst = all_passed;
  for (const results::Record& r : run.records) {
    if (r.stretch) continue;
    if (r.result == results::Result::could_not_check || r.result == results::Result::not_run) return no_work;
    if (r.result != results::Result::passed) worst = something_failed;
  }
  return worst;
}

int grade_tree(const Grading& o) {
  grade::Plan plan{o.tree, course::labs_named(o.lab), o.check, o.keep};
  plan.patience = grade::patience_asked_for();
  plan.budget.late = grade::lateness_asked_for();
  plan.show_calls = true;
  plan.copied = o.copied;
  plan.rooms = o.rooms;
  const auto seed = grade::seed_asked_for();
  plan.seed = seed ? *seed : grade::seed_drawn();  // a program that knows what each check asks for has learnt it by heart for nothing
  if (plan.labs.empty()) return no_such_lab(o.lab);
  if (const auto ids = grade::ids_of(plan.labs); !o.check.empty() && std::find(ids.begin(), ids.end(), o.check.substr(o.check.find('/') + 1)) == ids.end())
    return no_such("check", o.check, ids, "the handout lists those of its lab");
  if (!fs::is_directory(o.tree)) return wrong("there is no folder " + o.tree);

  const bool terminal = isatty(STDERR_FILENO);
  std::optional<results::Journal> journal;
  const results::Run run = grade::grade(plan, [&](const results::Run& so_far, const results::Record* came) {
    if (!came) journal.emplace(results_path(o), so_far);
    else journal->add(*came);
    if (terminal) std::fprintf(stderr, "\r\033[K%s", tell::progress_line(so_far).c_str());
  });
  journal->finish(run);
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (run.records.empty())
    return wrong(course::listed(plan.labs) + ": not graded, there are no checks yet");
  std::fputs(tell::report(run, tell::style_of_output(o.plain)).c_str(), stdout);
  if (o.keep && fs::is_directory(grade::kept_folder(run)))
    std::printf("kept: %s/, with a timeline of each check\n", base::printable(fs::relative(grade::kept_folder(run)).string()).c_str());
  return status_of(run);
}

}  // namespace

void add_grade(CLI::App& app, Work& work) {
  const auto o = std::make_shared<Grading>();
  CLI::App* verb = app.add_subcommand("grade", "grade a tree of labs");
  verb->add_option("--lab", o->lab, "one lab: 01, pipeline or 01-pipeline")->envname("IPCLAB_LAB");
  verb->add_option("--tree", o->tree, "the folder with the programs")->capture_default_str()->envname("IPCLAB_TREE");
  verb->add_option("--check", o->check, "one check, by its id")->envname("IPCLAB_CHECK");
  verb->add_option("--json", o->json, "where the results go")->envname("IPCLAB_JSON");
  verb->add_flag("--keep", o->keep, "keep the checks' files and timelines")->envname("IPCLAB_KEEP");
  verb->add_flag("--copied", o->copied, "the tree is a copy of somebody's labs/: keep no executables, and tell of it as labs/");
  verb->add_option("--rooms", o->rooms, "so many rooms at once, at most");
  verb->add_flag("--plain", o->plain, "no colours, no signs that draw")->envname("IPCLAB_PLAIN");
  verb->callback([&work, o] { work = [o] { return grade_tree(*o); }; });
}

}  // namespace verbs
