#include "tell/formats/gradescope.hpp"

#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "tell/formats/json.hpp"
#include "tell/formats/told.hpp"

namespace tell::formats {
namespace {

json gradescope_test(const Check& c) {
  json test{{"name", c.full_name}};
  // A score says more than a status, but Gradescope makes one of the other: green is what passed, whatever counts of it.
  if (c.verdict != Verdict::open) test["status"] = c.verdict == Verdict::passed ? "passed" : "failed";
  if (c.verdict != Verdict::open && !c.record.stretch) test["score"] = c.earned, test["max_score"] = c.possible;
  if (!c.text.empty()) test["output"] = c.text;
  test["tags"] = {c.record.lab};
  test["extra_data"] = {{"id", c.record.id}, {"result", name_of(c.record.result)}, {"diagnoses", c.record.diagnoses}};
  return test;
}

}  // namespace

std::string gradescope(const results::Run& run) {
  const Told all = told(run);
  std::vector<std::string> head{fmt::format("{} of {} points", all.earned, all.possible)};
  head.insert(head.end(), all.notes.begin(), all.notes.end());
  json tests = json::array();
  for (const Lab& lab : all.labs) {
    for (const std::string& warning : base::first_of(lab.warnings, 3)) head.push_back("warning: " + warning);
    for (const Check& c : lab.checks) {
      // What nobody has begun, and nobody must, is no red line.
      if (c.record.result == results::Result::not_attempted) head.push_back(c.full_name + ": " + c.brief);
      else tests.push_back(gradescope_test(c));
    }
  }
  return text_of({{"score", all.earned},
                  {"execution_time", std::lround(run.ms / 1000)},
                  {"output", base::join(head, "\n")},
                  {"output_format", "text"},  // the default makes HTML of it
                  {"test_output_format", "text"},
                  {"test_name_format", "text"},
                  {"visibility", "visible"},
                  {"stdout_visibility", "hidden"},
                  {"extra_data", {{"possible", all.possible}, {"started", run.started}, {"course", run.course}, {"checker", run.checker},
                                  {"room", run.rung}, {"seed", run.seed ? json(*run.seed) : json(nullptr)}}},
                  {"tests", tests}});
}

}  // namespace tell::formats
