// Proofs that help with a failure is about the right place: what a TODO asks for, as skeleton and solution show it, the handout's step,
// and steps that say more each time.
#include <algorithm>
#include <doctest/doctest.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "study/change.hpp"
#include "study/handout.hpp"
#include "study/hint.hpp"
#include "study/likely_todos.hpp"
#include "tests/folder.hpp"

using course::Lab;

namespace {

// How many TODOs a lab's skeleton has: they count up from 1.
int todos_of(const Lab& lab) {
  int count = 0;
  while (!study::words_of(lab, count + 1).empty()) ++count;
  return count;
}

}  // namespace

TEST_CASE("every TODO of every skeleton has a place, a function and lines in the solution") {
  for (const Lab& lab : course::all_labs()) {
    CAPTURE(lab.key());
    const int todos = todos_of(lab);
    CHECK(todos >= 3);
    for (int todo = 1; todo <= todos; ++todo) {
      CAPTURE(todo);
      const auto changes = study::changes_for(lab, todo);
      CHECK(std::ranges::any_of(changes, [](const study::Change& c) { return !c.lines.empty(); }));
      for (const study::Change& c : changes) {
        CHECK(base::read_file(course::course_folder() + "/solutions/" + lab.key() + "/" + c.file).find(base::join(c.lines, "\n")) !=
              std::string::npos);
        for (const std::string& line : c.lines) CHECK(line.find("TODO") == std::string::npos);
      }
    }
  }
}

TEST_CASE("a place is named by its function, and by the calls that the skeleton has not") {
  const auto first = study::changes_for(Lab("01-pipeline"), 1);
  REQUIRE(first.size() == 2);
  CHECK(first[0].function.find("become") != std::string::npos);
  CHECK(std::ranges::find(first[0].calls, "execvp") != first[0].calls.end());
  CHECK(first[1].function.find("start") != std::string::npos);
  CHECK(std::ranges::find(first[1].calls, "fork") != first[1].calls.end());
  CHECK(study::changes_for(Lab("01-pipeline"), 99).empty());
}

TEST_CASE("a step of a handout is read as plain words") {
  const std::string step = study::step_of(Lab("01-pipeline"), 2);
  CHECK(step.starts_with("Wait. collect waits for every child: waitpid(2)."));
  for (const char* sign : {"**", "`", "](", "https"}) CHECK(step.find(sign) == std::string::npos);
  CHECK(study::step_of(Lab("01-pipeline"), 99).empty());
}

TEST_CASE("hints say more each time, and the last one is the reference's own lines") {
  results::Record failure;
  failure.lab = "01-pipeline";
  failure.id = "end-of-file";
  failure.result = results::Result::failed;
  failure.diagnoses = {"pipe/write-end-kept-open"};
  const auto hints = study::hints_for(failure, {4});
  REQUIRE(hints.size() == 4);
  CHECK(hints[0].texts.at(0).find("Who still holds one?") != std::string::npos);
  CHECK(base::join(hints[1].lines, "\n").find("last write end") != std::string::npos);
  CHECK(base::join(hints[2].texts, "\n").find("TODO 4 in pipeline.cpp, main()") != std::string::npos);
  CHECK(base::join(hints[3].lines, "\n").find("close(") != std::string::npos);
  // Without a diagnosis the handout says the idea; without a TODO there is less to say, and nothing of it is wrong.
  failure.diagnoses.clear();
  CHECK(study::hints_for(failure, {4}).at(1).texts.at(0).starts_with("Step 4 of the handout"));
  failure.hint = "look";
  CHECK(study::hints_for(failure, {}).size() == 1);
}

TEST_CASE("how far somebody has asked is remembered for each failure, and begins anew with another one") {
  const tests::Folder folder;
  const std::string path = folder.path + "/study/hints";
  study::Shown(path).set("01-pipeline/ends pipe/x", 2);
  study::Shown(path).set("01-pipeline/flows", 1);
  CHECK(study::Shown(path).of("01-pipeline/ends pipe/x") == 2);
  CHECK(study::Shown(path).of("01-pipeline/flows") == 1);
  CHECK(study::Shown(path).of("01-pipeline/ends") == 0);
  base::write_file(path, "nonsense\n\n7\n");
  CHECK(study::Shown(path).of("nonsense") == 0);
}

TEST_CASE("a failure leads to the TODO that the course's own wrong programs have it from") {
  results::Record failure;
  failure.result = results::Result::failed;
  failure.lab = "01-pipeline";
  failure.id = "end-of-file";
  failure.diagnoses = {"pipe/write-end-kept-open"};
  const std::vector<int> todos = study::likely_todos(failure);
  REQUIRE_FALSE(todos.empty());
  CHECK(todos.front() == 4);
  CHECK(todos.size() <= 2);
  failure.id = "no-such-check";
  failure.diagnoses.clear();
  CHECK(study::likely_todos(failure).empty());
}

TEST_CASE("of a lab's wrong programs whose mistake lies in a TODO, nine in ten lead there") {
  const Lab lab("01-pipeline");
  size_t all = 0, right = 0;
  for (const course::Fault& fault : course::faults_of(lab)) {
    const std::vector<int> truth = study::todos_of_fault(fault, lab);
    if (truth.empty()) continue;
    results::Record failure;
    failure.lab = lab.key();
    failure.id = fault.fails.front();
    failure.diagnoses = fault.draws;
    const std::vector<int> todos = study::likely_todos(failure);
    ++all;
    right += std::ranges::any_of(todos, [&](int todo) { return std::ranges::find(truth, todo) != truth.end(); });
  }
  INFO(right << " of " << all);
  CHECK(all > 30);
  CHECK(right * 10 >= all * 9);
}
