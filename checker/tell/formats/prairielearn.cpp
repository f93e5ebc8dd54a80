#include "tell/formats/prairielearn.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "tell/formats/json.hpp"
#include "tell/formats/told.hpp"

namespace tell::formats {
namespace {

constexpr size_t most_bytes = 1024 * 1024;

json prairielearn_test(const Check& c, size_t most) {
  const bool counts = c.verdict != Verdict::open;
  json test{{"name", c.full_name}, {"points", counts ? c.earned : 0}, {"max_points", counts ? c.possible : 0}};
  if (!c.brief.empty()) test["message"] = shortened(c.brief, most);
  if (!c.text.empty() && c.text != c.brief) test["output"] = shortened(c.text, most);
  return test;
}

json tests_of(const Told& all, size_t most) {
  json tests = json::array();
  for (const Lab& lab : all.labs)
    for (const Check& c : lab.checks) tests.push_back(prairielearn_test(c, most));
  return tests;
}

json head_of(const Told& all) {
  const std::string why_not = !all.open.empty() ? all.open : all.possible == 0 ? "none of these checks has points" : "";
  json whole;
  whole["gradable"] = why_not.empty();
  if (why_not.empty()) whole["score"] = static_cast<double>(all.earned) / all.possible;
  else whole["format_errors"] = {why_not};
  std::vector<std::string> head{fmt::format("{} of {} points", all.earned, all.possible)};
  head.insert(head.end(), all.notes.begin(), all.notes.end());
  whole["message"] = shortened(base::join(head, "\n"), 10000);
  return whole;
}

}  // namespace

std::string prairielearn(const results::Run& run) {
  const Told all = told(run);
  std::string text;
  // What is too much is taken from the texts of all checks alike; in the end from the checks themselves, never from the score.
  for (size_t most = most_bytes; most > 0; most /= 4) {
    json whole = head_of(all);
    whole["tests"] = tests_of(all, most);
    text = text_of(whole);
    if (text.size() <= most_bytes) return text;
  }
  return text_of(head_of(all));
}

}  // namespace tell::formats
