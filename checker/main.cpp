// The command line, nothing else. Exit status: 0 all that was asked for passed, 1 something failed, 2 the command was
// wrong or its work could not be done.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/bench.hpp"
#include "grade/course.hpp"
#include "grade/doctor.hpp"
#include "grade/handout.hpp"
#include "grade/prove.hpp"
#include "grade/report.hpp"
#include "grade/runner.hpp"
#include "grade/shell.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int all_passed = 0, something_failed = 1, no_work = 2;

bool colour_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(refused && *refused);
}

int wrong(const std::string& sentence) {
  std::fprintf(stderr, "ipclab: %s\n", base::printable(sentence).c_str());
  return no_work;
}

struct Options {
  std::string lab, check, tree = "labs", json, id;
  bool keep = false, again = false, catalogue = false;
};

int no_such_lab(const std::string& lab) {
  return wrong("there is no lab \"" + lab + "\"; there are " + base::join(grade::all_labs(), ", "));
}

std::string results_path(const Options& o) {
  if (!o.json.empty()) return o.json;
  return grade::build_folder() + "/results/" + fs::path(grade::executables_of(o.tree)).filename().string() +
         "/results.json";
}

int status_of(const grade::Run& run) {
  int worst = all_passed;
  for (const grade::Record& r : run.records) {
    if (r.stretch) continue;
    if (r.result == grade::Result::could_not_check || r.result == grade::Result::not_run) return no_work;
    if (r.result != grade::Result::passed) worst = something_failed;
  }
  return worst;
}

int grade_tree(const Options& o) {
  const grade::Plan plan{o.tree, grade::labs_named(o.lab), o.check, o.keep};
  if (plan.labs.empty()) return no_such_lab(o.lab);
  if (!fs::is_directory(o.tree)) return wrong("there is no folder " + o.tree);
  const std::string results = results_path(o);
  if (fs::path(results).has_parent_path()) fs::create_directories(fs::path(results).parent_path());

  const bool terminal = isatty(STDERR_FILENO);
  const grade::Run run = grade::grade(plan, [&](const grade::Run& so_far) {
    base::write_file(results, grade::to_json(so_far));
    if (terminal) std::fprintf(stderr, "\r\033[K%s", grade::progress_line(so_far).c_str());
  });
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (run.records.empty())
    return wrong(o.check.empty() ? base::join(plan.labs, ", ") + ": not graded, there are no checks yet"
                                 : "there is no check \"" + o.check + "\" in " + base::join(plan.labs, ", "));
  std::fputs(grade::report(run, {colour_wanted()}).c_str(), stdout);
  if (o.keep)
    std::printf("kept: %s/LAB/CHECK/, with a timeline of each check\n", fs::relative(grade::kept_folder()).c_str());
  return status_of(run);
}

int prove(const Options& o) {
  const std::vector<std::string> labs = grade::labs_named(o.lab);
  if (labs.empty()) return no_such_lab(o.lab);
  int worst = all_passed;
  const auto tell = [&](const std::string& what, const std::vector<std::string>& doubts) {
    for (const std::string& doubt : doubts) std::printf("%s: %s\n", what.c_str(), doubt.c_str());
    if (!doubts.empty()) worst = something_failed;
  };
  if (o.catalogue) tell("catalogue", grade::prove_catalogue());
  else
    for (const std::string& lab : labs) tell(lab, grade::prove(lab, o.again));
  return worst;
}

int explain(const std::string& id) {
  if (id.empty()) {
    for (const std::string& one : grade::all_diagnoses())
      std::printf("%-36s %s\n", one.c_str(), grade::diagnosis(one)->title.c_str());
    return all_passed;
  }
  const auto entry = grade::diagnosis(id);
  if (!entry)
    return wrong("there is no diagnosis \"" + id + "\"; there are " + base::join(grade::all_diagnoses(), ", "));
  std::printf("%s\n%s\n\n%s\nhint: %s\nread: %s\n", entry->id.c_str(), entry->title.c_str(), entry->text.c_str(),
              entry->hint.c_str(), entry->manual.c_str());
  return all_passed;
}

int write_handouts(const std::string& lab) {
  for (const std::string& one : grade::labs_named(lab)) grade::write_list_of_checks(one);
  return all_passed;
}

int examine() {
  int worst = all_passed;
  for (const grade::Finding& f : grade::examine_machine()) {
    std::printf("%s  %s\n", f.fine ? "ok  " : "weak", f.what.c_str());
    if (!f.fine) std::printf("      %s\n", f.mend.c_str()), worst = something_failed;
  }
  return worst;
}

int measure() {
  for (const grade::Figure& f : grade::bench())
    std::printf("%8.2f ms  %s (median of %d)\n", f.median_ms, f.what.c_str(), f.runs);
  return all_passed;
}

int open_shell(const Options& o) {
  // "01-pipeline/end-of-file", as reports name a check, means its lab.
  const std::string wanted = o.id.empty() ? o.lab : o.id.substr(0, o.id.find('/'));
  if (wanted.empty()) return wrong("which lab? ipclab shell 01, or the id of a check: 01-pipeline/end-of-file");
  const std::vector<std::string> labs = grade::labs_named(wanted);
  return labs.size() == 1 ? grade::shell_in_room(labs[0], o.tree) : no_such_lab(wanted);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"ipc-labs: grades the labs on Linux inter-process communication"};
  app.require_subcommand(1);
  Options o;
  std::function<int()> work;
  const auto command = [&](const char* name, const char* what, std::function<int()> does) {
    CLI::App* sub = app.add_subcommand(name, what);
    sub->callback([&work, does = std::move(does)] { work = does; });
    return sub;
  };
  CLI::App* grade = command("grade", "grade a tree of labs", [&] { return grade_tree(o); });
  CLI::App* shell = command("shell", "a shell in the room of a lab", [&] { return open_shell(o); });
  for (CLI::App* sub : {grade, shell}) {
    sub->add_option("--lab", o.lab, "one lab: 01, pipeline or 01-pipeline");
    sub->add_option("--tree", o.tree, "the folder with the programs")->capture_default_str();
  }
  shell->add_option("id", o.id, "a lab, or a check: 01-pipeline/end-of-file");
  grade->add_option("--check", o.check, "one check, by its id");
  grade->add_option("--json", o.json, "where the results go");
  grade->add_flag("--keep", o.keep, "keep the checks' files and timelines");
  command("explain", "one diagnosis in depth, or the list of all", [&] {
    return explain(o.id);
  })->add_option("id", o.id, "as a failure names it");
  command("doctor", "what this machine can do, and what mends it", examine);
  command("bench", "what a room, a verdict and a grading cost", measure);
  CLI::App* prover =
      command("prove", "prove the labs: solutions, skeletons, faults, variants", [&] { return prove(o); });
  prover->add_option("--lab", o.lab, "one lab");
  prover->add_flag("--again", o.again, "also what has been proven before");
  prover->add_flag("--catalogue", o.catalogue, "only that catalogue and faults agree");
  command("handout", "write the list of checks into the handouts", [&] {
    return write_handouts(o.lab);
  })->add_option("--lab", o.lab, "one lab");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? all_passed : no_work;
  }
  try {
    return work();
  } catch (const std::exception& e) {
    return wrong(e.what());
  }
}
