// A record and a run as a grading makes them, for tests of what is made of records.
#pragma once

#include "results/record.hpp"

namespace tests {

inline results::Record example() {
  results::Record r;
  r.lab = "01-pipeline";
  r.id = "end-of-file";
  r.title = "the reader meets end-of-file, and every process ends";
  r.number = 3;
  r.points = 15;
  r.needs = {"flows"};
  r.result = results::Result::failed;
  r.expected = "it exits with 0";
  r.actual = "it is stuck: nothing here can ever wake it";
  r.ground = results::Ground::stuck;
  r.lines = {"pipeline 2   waits for its child 4", "└ cat 4      blocked in read(0) on pipe A"};
  r.diagnoses = {"pipe/write-end-kept-open"};
  r.hint = "the fallback";
  r.calls = {"pipeline 3   close(4) = 0"};
  r.by_hand = "./build/labs/01-pipeline/pipeline tr a-z A-Z : cat";
  r.log = {{0.5, "start: pipeline tr a-z A-Z : cat", true}};
  r.started = "2026-01-31T12:00:00.250Z";
  r.ms = 12.5;
  r.seed = 7;
  r.budget = {2, 10};
  return r;
}

inline results::Run run_of(std::vector<results::Record> records) {
  results::Run run;
  run.tree = "labs";
  run.rung = "namespaces";
  run.kernel = "6.1.0";
  run.machine = "x86_64";
  run.compiler = "GNU 12.2.0";
  run.course = "0.9.0";
  run.checker = "0123abcd";
  run.started = "2026-01-31T12:00:00.000Z";
  run.ms = 100.5;
  run.warnings = {"01-pipeline/pipeline.cpp:7:3: warning: unused variable 'x'"};
  run.records = std::move(records);
  return run;
}

}  // namespace tests
