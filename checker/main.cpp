// The command line, nothing else. Exit status: 0 all that was asked for passed, 1 something failed, 2 the command was
// wrong or its work could not be done.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/course.hpp"
#include "grade/handout.hpp"
#include "grade/prove.hpp"
#include "grade/report.hpp"
#include "grade/runner.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int all_passed = 0, something_failed = 1, no_work = 2;

bool colour_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(refused && *refused);
}

int wrong(const std::string& sentence) {
  std::fprintf(stderr, "ipclab: %s\n", base::escape(sentence).c_str());
  return no_work;
}

struct GradeOptions {
  std::string lab, check, tree = "labs", json;
};

int grade_tree(const GradeOptions& o) {
  grade::Plan plan{o.tree, grade::labs_named(o.lab), o.check};
  if (plan.labs.empty()) return wrong("there is no lab \"" + o.lab + "\"; there are " + base::join(grade::all_labs(), ", "));
  if (!fs::is_directory(o.tree)) return wrong("there is no folder " + o.tree);

  const std::string results = o.json.empty()
                                  ? grade::build_folder() + "/results/" + fs::path(grade::executables_of(o.tree)).filename().string() + "/results.json"
                                  : o.json;
  if (fs::path(results).has_parent_path()) fs::create_directories(fs::path(results).parent_path());
  const bool terminal = isatty(STDERR_FILENO);
  const grade::Run run = grade::grade(plan, [&](const grade::Run& so_far) {
    if (terminal) std::fprintf(stderr, "\r\033[K%s", grade::progress_line(so_far).c_str());
  });
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (run.records.empty())
    return wrong(o.check.empty() ? plan.labs[0] + " has no checks yet: not graded" : "there is no check \"" + o.check + "\" in " + base::join(plan.labs, ", "));
  base::write_file(results, grade::to_json(run));
  std::fputs(grade::report(run, {colour_wanted()}).c_str(), stdout);

  int worst = all_passed;
  for (const grade::Record& r : run.records) {
    if (r.stretch) continue;
    if (r.result == grade::Result::could_not_check || r.result == grade::Result::not_run) return no_work;
    if (r.result != grade::Result::passed) worst = something_failed;
  }
  return worst;
}

int prove(const std::string& lab, bool again, bool catalogue) {
  const std::vector<std::string> labs = grade::labs_named(lab);
  if (labs.empty()) return wrong("there is no lab \"" + lab + "\"");
  int worst = all_passed;
  const auto tell = [&](const std::string& what, const std::vector<std::string>& doubts) {
    for (const std::string& doubt : doubts) std::printf("%s: %s\n", what.c_str(), doubt.c_str());
    if (!doubts.empty()) worst = something_failed;
  };
  if (catalogue) tell("catalogue", grade::prove_catalogue());
  else
    for (const std::string& one : labs) tell(one, grade::prove(one, again));
  return worst;
}

int explain(const std::string& id) {
  const auto entry = grade::diagnosis(id);
  if (!entry) return wrong("there is no diagnosis \"" + id + "\"; there are " + base::join(grade::all_diagnoses(), ", "));
  std::printf("%s\n%s\n\n%s\nhint: %s\nread: %s\n", entry->id.c_str(), entry->title.c_str(), entry->text.c_str(), entry->hint.c_str(), entry->manual.c_str());
  return all_passed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"ipc-labs: grades the labs on Linux inter-process communication"};
  app.require_subcommand(1);
  GradeOptions options;
  CLI::App* grade_command = app.add_subcommand("grade", "grade a tree of labs");
  grade_command->add_option("--lab", options.lab, "one lab: 01, pipeline or 01-pipeline");
  grade_command->add_option("--check", options.check, "one check, by its id");
  grade_command->add_option("--tree", options.tree, "the folder with the programs")->capture_default_str();
  grade_command->add_option("--json", options.json, "where the results go");
  bool again = false, catalogue = false;
  CLI::App* prove_command = app.add_subcommand("prove", "prove the labs: solutions, skeletons, faults, variants");
  prove_command->add_option("--lab", options.lab, "one lab");
  prove_command->add_flag("--again", again, "also what has been proven before");
  prove_command->add_flag("--catalogue", catalogue, "only that the catalogue and the faults agree");
  CLI::App* handout_command = app.add_subcommand("handout", "write the list of checks into the handouts");
  handout_command->add_option("--lab", options.lab, "one lab");
  std::string id;
  CLI::App* explain_command = app.add_subcommand("explain", "one diagnosis in depth");
  explain_command->add_option("id", id, "as a failure names it: pipe/write-end-kept-open")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? all_passed : no_work;
  }
  try {
    if (prove_command->parsed()) return prove(options.lab, again, catalogue);
    if (handout_command->parsed()) {
      for (const std::string& lab : grade::labs_named(options.lab)) grade::write_list_of_checks(lab);
      return all_passed;
    }
    return explain_command->parsed() ? explain(id) : grade_tree(options);
  } catch (const std::exception& e) {
    return wrong(e.what());
  }
}
