// What a student reads, from records: marks, points, one failure in full, the rest in one line; at any width.
#include "tell/report.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "tests/example.hpp"

namespace {

using results::Record, results::Result;
using tests::example, tests::run_of;

Record named(const std::string& id, Result result) {
  Record r = example();
  r.id = id;
  r.result = result;
  return r;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a failure is shown in full, with the diagnosis's own hint") {
  const std::string text = tell::report(run_of({example()}), {});
  for (const char* part :
       {"01-pipeline", "0/15", "FAIL   15  the reader meets", "expected that it exits with 0, but it is stuck",
        "└ cat 4      blocked in read(0) on pipe A", "hint: read() returns 0 only", "by hand: ./build",
        "again: make grade LAB=01 CHECK=end-of-file", "more: make explain ID=pipe/write-end-kept-open", "man 7 pipe"})
    has(text, part);
  CHECK(text.find('\033') == std::string::npos);
  has(tell::report(run_of({example()}), {.colour = true}), "\033[1;31mFAIL");
}

TEST_CASE("the results are never mixed") {
  Record unknown = named("b", Result::could_not_check), extra = named("c", Result::passed);
  unknown.actual = "the disk is full";
  extra.stretch = true;
  const std::string text = tell::report(run_of({named("a", Result::passed), named("s", Result::skipped), unknown, extra}), {});
  has(text, "15/45");  // the stretch goal is on top
  has(text, "which is the grader's trouble and not yours:\n        the disk is full");
}

TEST_CASE("what follows from another failure is one line, and costs its points") {
  const std::string text = tell::report(run_of({named("first", Result::failed), named("second", Result::follows),
                                                named("good", Result::passed), named("third", Result::follows)}), {});
  has(text, "15/60");
  has(text, "also   30  2 more fail, probably for the same reason: second, third");
}

TEST_CASE("a TODO that is not begun is no mistake, and a mistake is told before it") {
  Record todo = named("todo", Result::failed);
  todo.todos = {"TODO 3 in pipeline.cpp"};
  todo.hint = "Who still holds one?";
  todo.diagnoses.clear();
  const std::string alone = tell::report(run_of({todo}), {});
  has(alone, "todo   15  the reader");
  has(alone, "hint: begin with TODO 3 in labs/01-pipeline/pipeline.cpp. Who still\n");
  const std::string both = tell::report(run_of({todo, named("wrong", Result::failed)}), {});
  CHECK(both.find("CHECK=todo") == std::string::npos);
  has(both, "CHECK=wrong");
}

TEST_CASE("who lets something else do the work keeps 20 points, and reads why") {
  Record shell = named("mechanism", Result::failed), good = named("good", Result::passed);
  shell.instead = "a shell";
  good.points = 85;
  const std::string text = tell::report(run_of({good, shell}), {});
  has(text, "20/100");
  has(text, "a shell does here what this lab is\n  about (65 points do not count)");
}

TEST_CASE("the line that repeats a failure keeps the tree and the seed") {
  results::Run run = run_of({example()});
  run.tree = "her work";
  has(tell::report(run, {}), "again: make grade LAB=01 CHECK=end-of-file TREE='her work'");
  run.seed = 4711;
  has(tell::report(run, {}), "TREE='her work' SEED=4711\n");
}

TEST_CASE("text keeps to the width; what is quoted stays whole") {
  Record r = example();
  r.lines.clear();
  r.by_hand.clear();
  r.log.clear();
  r.diagnoses.clear();
  r.actual = "it printed \"one two three four five\" and then it went on, and on, and on, and on, and on, and on, and on";
  for (const size_t width : {40U, 60U, 80U, 100U}) {
    const std::string text = tell::report(run_of({r}), {.width = width});
    has(text, "\"one two three four five\"");
    for (const std::string& line : base::split(text, '\n')) {
      INFO(line);
      CHECK(line.size() <= width + (line.find("again:") != std::string::npos ? 100 : 0));  // a command is not broken
    }
  }
}

TEST_CASE("plain text has no signs that draw") {
  const std::string text = tell::report(run_of({example()}), {.plain = true});
  CHECK(std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; }));
  has(text, "below it: cat 4");
}

TEST_CASE("what the compiler warns of is said first, three lines of it at most") {
  results::Run run = run_of({example()});
  run.warnings.assign(5, "01-pipeline/pipeline.cpp:7:3: warning: unused variable 'x'");
  const std::string text = tell::report(run, {});
  CHECK(text.starts_with("  warning: 01-pipeline/pipeline.cpp:7:3: warning: unused"));
  has(text, "and 2 warnings more");
}
