// What a case that needs another one does: it is run all the same, and what it costs is told once.
#include "grade/run/needs.hpp"

#include <doctest/doctest.h>

#include "results/score.hpp"

namespace {

using grade::settle, grade::turn_of, grade::Turn;
using results::Record, results::Result, results::Run;

Record record(const std::string& id, std::vector<std::string> needs, Result result, int points = 10) {
  Record r;
  r.lab = "01-x";
  r.id = id;
  r.points = points;
  r.needs = std::move(needs);
  r.result = result;
  return r;
}

Run run_with(std::vector<Record> records) {
  Run run;
  run.records = std::move(records);
  return run;
}

}  // namespace

TEST_CASE("it waits for what it needs, and is run whatever came of it") {
  Run run = run_with({record("a", {}, Result::not_run), record("b", {"a"}, Result::not_run)});
  CHECK(turn_of(run, run.records[1]) == Turn::wait);
  run.records[0].result = Result::passed;
  CHECK(turn_of(run, run.records[1]) == Turn::run);
  run.records[0].result = Result::failed;
  CHECK(turn_of(run, run.records[1]) == Turn::run);
}

TEST_CASE("a need that was not selected, or is of another lab, is not asked for") {
  Run run = run_with({record("a", {}, Result::failed), record("b", {"z"}, Result::not_run), record("c", {"a"}, Result::failed)});
  CHECK(turn_of(run, run.records[1]) == Turn::run);
  run.records[0].lab = "02-y";
  settle(run, run.records[2]);
  CHECK(run.records[2].result == Result::failed);
}

TEST_CASE("a failure follows from a need's failure, and from that of a need's need; a pass counts") {
  Run run = run_with({record("a", {}, Result::failed), record("b", {"a"}, Result::passed), record("c", {"b"}, Result::failed),
                    record("d", {}, Result::failed)});
  for (Record& r : run.records) settle(run, r);
  CHECK(run.records[0].result == Result::failed);
  CHECK(run.records[1].result == Result::passed);
  CHECK(run.records[2].result == Result::follows);
  CHECK(run.records[3].result == Result::failed);
  CHECK(results::scores_of(run).at(0).earned == 10);
  CHECK(results::scores_of(run).at(0).failed == 2);
}

TEST_CASE("who has burnt three budgets is not made to burn more for what builds on them") {
  Run run = run_with({record("a", {}, Result::failed), record("b", {}, Result::failed), record("c", {}, Result::not_run),
                    record("d", {"a"}, Result::not_run), record("e", {}, Result::not_run)});
  run.records[0].ground = run.records[1].ground = results::Ground::spent;
  CHECK(turn_of(run, run.records[3]) == Turn::wait);  // c may be the third
  run.records[2].result = Result::failed;
  CHECK(turn_of(run, run.records[3]) == Turn::run);
  run.records[2].ground = results::Ground::spent;
  CHECK(turn_of(run, run.records[3]) == Turn::skip);
  CHECK(turn_of(run, run.records[4]) == Turn::run);  // it builds on nothing that failed
}

TEST_CASE("without the lab's mechanism at most 20 points are kept") {
  Run run = run_with({record("a", {}, Result::passed, 15), record("m", {}, Result::failed, 85)});
  run.records[1].instead = "a shell";
  CHECK(results::scores_of(run).at(0).earned == 15);
  run.records[0].points = 60;
  CHECK(results::scores_of(run).at(0).earned == results::most_without_mechanism);
  CHECK(results::scores_of(run).at(0).lost_to_cap == 40);
}
