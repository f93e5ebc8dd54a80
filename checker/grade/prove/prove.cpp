#include "grade/prove/prove.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/run/cases.hpp"
#include "course/lab.hpp"
#include "course/catalogue.hpp"
#include "course/faults.hpp"
#include "grade/prove/handout.hpp"
#include "grade/worker/interruption.hpp"
#include "grade/run/runner.hpp"
#include "grade/prove/pasted.hpp"
#include "grade/prove/stamp.hpp"
#include "results/score.hpp"
#include "base/tool.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t solution_runs = 3;

std::string trees_of(const course::Lab& lab) { return course::build_folder() + "/proof/" + lab.key() + "/"; }

std::string tree_of_variant(const course::Lab& lab, const std::string& variant) {
  std::string tree = trees_of(lab) + "variant-" + fs::path(variant).stem().string();
  course::build_tree(lab, variant, tree);
  return tree;
}

class Prover {
 public:
  explicit Prover(course::Lab lab)
      : lab_(std::move(lab)), trees_(trees_of(lab_)), cases_(cases_of(lab_)) {}

  Proof prove() {
    if (is_a_lab()) try_all();
    return {std::move(doubts_), is_interrupted()};
  }

  Proof prove_one(const std::string& name) {
    graded(course::course_folder() + "/solutions", {}, "none");  // built, for what lines by hand are compared with
    for (const course::Fault& fault : course::faults_of(lab_))
      if (fault.name == name) wrong(fault);
    for (const std::string& variant : course::variants_of(lab_))
      if (fs::path(variant).stem() == name) passes_all(tree_of_variant(lab_, variant), "the variant " + name);
    if (programs_ == 0 && doubts_.empty()) doubt("it has no fault or variant of the name " + name);
    points_kept();
    return {std::move(doubts_), is_interrupted()};
  }

 private:
  bool is_a_lab() {
    if (cases_.empty())
      doubt(fmt::format("it has no checks: checker/checks/{0}/*.cpp with TEST_SUITE_BEGIN(\"{0}\")", lab_.key()));
    if (course::programs_of(lab_).empty()) doubt(fmt::format("labs/{} has no program: NAME.cpp, the skeleton", lab_.key()));
    for (const std::string& program : course::programs_of(lab_))
      for (const char* tree : {"labs", "solutions"})
        compiles_cleanly(fmt::format("{}/{}/{}/{}.cpp", course::course_folder(), tree, lab_.key(), program));
    return doubts_.empty();
  }

  void try_all() {
    points();
    for (std::string& sentence : handout_faults(lab_, cases_)) doubt(std::move(sentence));
    for (std::uint32_t seed = 1; seed <= solution_runs; ++seed) passes_all(course::course_folder() + "/solutions", "the solution", seed);
    skeleton();
    for (const course::Fault& fault : course::faults_of(lab_)) {
      if (is_interrupted()) return;
      wrong(fault);
    }
    for (const std::string& variant : course::variants_of(lab_)) {
      if (is_interrupted()) return;
      passes_all(tree_of_variant(lab_, variant), "the variant " + fs::path(variant).stem().string());
    }
    if (is_interrupted()) return;
    coverage();
    points_kept();
    slowest();
  }

  // Once it has come, nothing more is started.
  bool is_interrupted() { return interrupted_ |= interruption_.came(); }

  void doubt(std::string sentence) { doubts_.push_back(std::move(sentence)); }

  // A wrong program may spin: a short budget shows it as well as a long one.
  results::Run graded(const std::string& tree, play::Budget budget = {}, const std::string& check = "", std::optional<std::uint32_t> seed = {}) {
    if (is_interrupted()) return {};
    Plan plan{tree, {lab_}, check};
    plan.seed = seed;
    plan.budget = budget;
    plan.patience = patience_asked_for();
    plan.lean = true;
    results::Run run = grade::grade(plan);
    if (run.interrupted) return interrupted_ = true, results::Run{};
    for (const results::Record& r : run.records) longest_[r.id] = std::max(longest_[r.id], r.ms);
    return run;
  }

  static std::string sentence_of(const results::Record& r) {
    std::string text = fmt::format("{}: {}", results::name_of(r.result), r.actual);
    for (const std::string& line : r.lines) text += "\n        " + line;
    return text;
  }

  void points() {
    int base = 0;
    std::set<std::string> ids;
    for (const Case& c : cases_) {
      if (!c.stretch) base += c.points;
      ids.insert(c.id);
      for (const std::string& need : c.needs)
        if (ids.count(need) == 0) doubt(fmt::format("{} needs {}, which is no earlier check", c.id, need));
    }
    if (base != 100) doubt(fmt::format("its points come to {}, not 100", base));
  }

  void passes_all(const std::string& tree, const std::string& who, std::optional<std::uint32_t> seed = {}) {
    for (const results::Record& r : graded(tree, {}, "", seed).records)
      if (r.result != results::Result::passed) doubt(fmt::format("{} does not pass {}: {}", who, r.id, sentence_of(r)));
    ++programs_;
  }

  // With the flags that the grader uses, any warning is one too many.
  void compiles_cleanly(const std::string& source) {
    if (is_interrupted()) return;
    const base::ToolRun run = base::run_tool({IPCLAB_CXX, "-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread",
                                  "-I" + course::course_folder() + "/labs", "-c", source, "-o", "/dev/null"});
    if (run.status != 0) doubt(fmt::format("{} does not compile without a warning:\n{}", source, run.said));
  }

  // A case that needs another is tried on it all the same.
  void skeleton() {
    for (const results::Record& r : graded(course::course_folder() + "/labs", {0.5, 5}).records) {
      if (r.ground == results::Ground::not_built) return doubt("the skeleton: " + r.actual);
      const bool fails = r.result == results::Result::failed || r.result == results::Result::not_attempted || r.result == results::Result::follows;
      if (!fails) doubt(fmt::format("the skeleton should pass nothing, but on {} it {}", r.id, sentence_of(r)));
    }
    ++programs_;
  }

  void wrong(const course::Fault& fault) {
    const std::string tree = trees_ + fault.name;
    course::build_tree(lab_, fault.path, tree);
    std::set<std::string> failed, drawn;
    bool heard = fault.hears.empty();
    const results::Run run = graded(tree, {0.5, 5});
    for (const results::Score& score : results::scores_of(run)) kept_.emplace_back(score.earned, fault.name);
    for (const results::Record& r : run.records) {
      if (r.ground == results::Ground::not_built) return doubt(fmt::format("the fault {}: {}", fault.name, r.actual));
      if (r.result == results::Result::could_not_check || r.result == results::Result::not_run)
        doubt(fmt::format("the fault {} on {}: {}", fault.name, r.id, sentence_of(r)));
      if (r.result != results::Result::failed) continue;
      failed.insert(r.id);
      heard = heard || r.hint.find(fault.hears) != std::string::npos;
      if (!r.by_hand.empty() && !is_interrupted() && !shows_a_difference(lab_, tree, r.by_hand))
        doubt(fmt::format("the fault {} on {}: by hand, this shows nothing: {}", fault.name, r.id, r.by_hand));
      if (!r.diagnoses.empty()) drawn.insert(r.diagnoses.front());
      if (std::find(fault.fails.begin(), fault.fails.end(), r.id) == fault.fails.end())
        doubt(fmt::format("the fault {} should pass {}, but {}", fault.name, r.id, sentence_of(r)));
    }
    for (const std::string& id : fault.fails)
      if (std::none_of(cases_.begin(), cases_.end(), [&](const Case& c) { return c.id == id; }))
        doubt(fmt::format("the fault {} names {}, and there is no such check", fault.name, id));
      else if (failed.count(id) == 0) doubt(fmt::format("the fault {} should fail {}, and does not", fault.name, id));
    if (!heard) doubt(fmt::format("the fault {} should hear \"{}\" in a hint, and does not", fault.name, fault.hears));
    const std::set<std::string> draws(fault.draws.begin(), fault.draws.end());
    if (drawn != draws)
      doubt(fmt::format("the fault {} should draw [{}], but draws [{}]", fault.name, fmt::join(draws, " "),
                        fmt::join(drawn, " ")));
    for (const std::string& id : failed) ++failed_by_[id];
    ++programs_;
  }

  // A check that no wrong program fails has not shown that it can fail.
  void coverage() {
    for (const Case& c : cases_)
      if (failed_by_[c.id] == 0) doubt(fmt::format("no fault fails {}", c.id));
    if (course::faults_of(lab_).size() < 12) doubt("it has fewer than 12 faults");
    if (course::variants_of(lab_).size() < 3) doubt("it has fewer than 3 variants");
  }

  // What one mistake costs, and whether that is fair: docs/writing-a-lab.md.
  void points_kept() {
    if (kept_.empty()) return;
    std::sort(kept_.begin(), kept_.end());
    const auto at_most = [&](int points) { return std::count_if(kept_.begin(), kept_.end(), [&](const auto& k) { return k.first <= points; }); };
    std::printf("%s: points that each fault keeps: median %d; at most 30: %td of %zu; none: %td\n", lab_.key().c_str(),
                kept_[kept_.size() / 2].first, at_most(30), kept_.size(), at_most(0));
    for (const auto& [points, name] : kept_) std::printf("  %3d  %s\n", points, name.c_str());
  }

  void slowest() const {
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [id, ms] : longest_) order.emplace_back(ms, id);
    std::sort(order.rbegin(), order.rend());
    order.resize(std::min<size_t>(order.size(), 3));
    std::printf("%s: %zu checks, %d gradings; slowest:", lab_.key().c_str(), cases_.size(), programs_);
    for (const auto& [ms, id] : order) std::printf(" %s %.0f ms", id.c_str(), ms);
    std::printf("\n");
  }

  course::Lab lab_;
  std::string trees_;
  std::vector<Case> cases_;
  std::vector<std::string> doubts_;
  std::map<std::string, double> longest_;
  std::map<std::string, int> failed_by_;
  std::vector<std::pair<int, std::string>> kept_;  ///< points, and the fault that keeps them
  int programs_ = 0;
  Interruption interruption_;
  bool interrupted_ = false;
};

}  // namespace

std::vector<std::string> trees_of_variants(const course::Lab& lab) {
  std::vector<std::string> trees;
  for (const std::string& variant : course::variants_of(lab)) trees.push_back(tree_of_variant(lab, variant));
  return trees;
}

Proof prove(const course::Lab& lab, bool again) {
  const Stamp stamp(lab);
  if (!again && stamp.is_set()) {
    std::printf("%s: proven before, and nothing has changed since\n", lab.key().c_str());
    return {};
  }
  Proof proof = Prover(lab).prove();
  if (proof.doubts.empty() && !proof.interrupted) stamp.set();
  return proof;
}

Proof prove_one(const course::Lab& lab, const std::string& name) { return Prover(lab).prove_one(name); }

std::vector<std::string> prove_catalogue() {
  std::vector<std::string> doubts;
  std::set<std::string> drawn;
  for (const course::Lab& lab : course::all_labs())
    for (const course::Fault& fault : course::faults_of(lab)) drawn.insert(fault.draws.begin(), fault.draws.end());
  const std::vector<std::string> entries = course::all_diagnoses();
  for (const std::string& id : entries) {
    const course::Diagnosis d = *course::diagnosis(id);
    if (drawn.count(id) == 0) doubts.push_back("no fault draws " + id);
    if (d.title.empty() || d.hint.empty() || d.manual.empty() || d.text.size() < 200)
      doubts.push_back(id + " lacks a title, a hint, a manual page or its text");
  }
  for (const std::string& id : drawn)
    if (std::find(entries.begin(), entries.end(), id) == entries.end())
      doubts.push_back("a fault draws " + id + ", which the catalogue does not have");
  return doubts;
}

}  // namespace grade
