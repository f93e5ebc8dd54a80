#include "tell/formats/classroom50.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "base/text.hpp"
#include "tell/formats/json.hpp"
#include "tell/formats/told.hpp"

namespace tell::formats {
namespace {

void refuse_what_is_incomplete(const Submission& s) {
  std::vector<std::string> missing;
  for (const auto& [name, value] : {std::pair{"CLASSROOM", &s.classroom}, {"ASSIGNMENT", &s.assignment}, {"OWNER", &s.owner},
                                    {"SUBMISSION_TAG", &s.tag}, {"COMMIT_URL", &s.commit}, {"RELEASE_URL", &s.release}})
    if (value->empty()) missing.emplace_back(name);
  if (!missing.empty())
    throw std::runtime_error("Classroom 50 tells an autograder in its environment what it grades, and this is not set: " +
                             base::join(missing, ", "));
  if (!s.tag.starts_with("submit/"))
    throw std::runtime_error(fmt::format("SUBMISSION_TAG is {}, and Classroom 50 takes only what begins with submit/", base::quote(s.tag)));
}

// "2026-01-31T12:00:00Z": whole seconds.
std::string utc_second(const std::string& started) {
  constexpr size_t to_the_second = 19;
  return started.size() < to_the_second ? "1970-01-01T00:00:00Z" : started.substr(0, to_the_second) + "Z";
}

json classroom50_test(const Check& c) {
  json test{{"test-name", c.full_name}, {"passed", c.verdict == Verdict::passed}, {"score", c.earned}, {"max-score", c.possible}};
  // What a test has beyond these four is kept as it is.
  test["id"] = c.record.id;
  test["result"] = name_of(c.record.result);
  if (!c.text.empty()) test["message"] = c.text;
  return test;
}

}  // namespace

std::string classroom50(const results::Run& run, const Submission& s) {
  refuse_what_is_incomplete(s);
  const Told all = told(run);
  json tests = json::array();
  for (const Lab& lab : all.labs)
    for (const Check& c : lab.checks)
      // A test here is passed or failed, and one that failed fails the commit: a stretch goal may not do that.
      if (!c.record.stretch || c.verdict == Verdict::passed) tests.push_back(classroom50_test(c));
  return text_of({{"schema", "classroom50/result/v1"},
                  {"classroom", s.classroom},
                  {"assignment", s.assignment},
                  {"assignment_type", s.kind.empty() ? "individual" : s.kind},
                  {"owner", s.owner},
                  {"submission", s.tag},
                  {"commit", s.commit},
                  {"release", s.release},
                  {"review", s.review.empty() ? s.commit : s.review},
                  {"datetime", utc_second(run.started)},
                  {"graded_at", utc_second(run.started)},
                  {"score", all.earned},
                  {"max-score", all.possible},
                  {"tests", tests}});
}

}  // namespace tell::formats
