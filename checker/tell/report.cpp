#include "tell/report.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "course/lab.hpp"
#include "results/printable.hpp"
#include "results/score.hpp"
#include "tell/failure.hpp"
#include "tell/sentences.hpp"

namespace tell {
namespace {

using results::Record, results::Result;
using Records = std::vector<const Record*>;

constexpr const char* below_the_points = "             ...";

std::string mark(const Style& style, const Record& r) {
  switch (r.result) {
    case Result::passed: return paint(style, "32", "ok  ");
    case Result::failed: return r.todos.empty() ? paint(style, "1;31", "FAIL") : paint(style, "2", "todo");
    case Result::follows: return paint(style, "2", "also");
    case Result::skipped: return paint(style, "2", "skip");
    case Result::could_not_check: return paint(style, "35", "??? ");
    case Result::not_attempted: return paint(style, "2", "-   ");
    case Result::not_run: return paint(style, "35", "none");
  }
  return "";
}

std::string line_of(const Style& style, const Record& r, const std::string& points, const std::string& text) {
  const std::string before = fmt::format("  xxxx  {:>3}  ", points);  // colours take no columns
  return wrapped(style, before, text).replace(2, 4, mark(style, r));
}

// When the program could not be built, all cases failed for that one reason: it is said once.
bool not_built(const Records& records) {
  return std::all_of(records.begin(), records.end(), [](const Record* r) { return r->ground == results::Ground::not_built; });
}

// One line for all records of this result: their points, what is so of all of them, their ids.
std::string together(const Style& style, const Records& records, Result result, const std::string& what) {
  const Record* any = nullptr;
  std::vector<std::string> ids;
  int points = 0;
  for (const Record* r : records)
    if (r->result == result) any = r, ids.push_back(r->id), points += r->stretch ? 0 : r->points;
  if (!any) return "";
  return line_of(style, *any, points ? std::to_string(points) : "+",
                 fmt::format("{} more {}: {}", ids.size(), what, base::join(ids, ", ")));
}

// One check that was asked for alone may fail for the reason of another.
std::string builds_on(const Style& style, const Record& r, const Records& records) {
  if (records.size() > 1 || r.needs.empty() || r.result == Result::passed) return "";
  return wrapped(style, "        ", "it builds on " + base::join(r.needs, ", ") + (r.needs.size() > 1 ? ", which were not run here: those come first" : ", which was not run here: that comes first"));
}

std::string what_is_next(const Style& style, const std::string& lab, const std::string& tree) {
  if (tree != "labs") return "";
  std::string text = "compare yours with solutions/" + lab;
  const std::vector<course::Lab> all = course::all_labs();
  const auto after = std::upper_bound(all.begin(), all.end(), course::Lab(lab));
  if (after != all.end()) text += "; then read labs/" + after->key() + "/README.md";
  return wrapped(style, "  next: ", text);
}

std::string of_points(const results::Score& score) { return fmt::format("{}/{}", score.earned, score.possible); }

std::string cap(const Style& style, const results::Score& score) {
  const std::string sentence = of_cap(score);
  return sentence.empty() ? "" : wrapped(style, "  ", sentence);
}

// Before any verdict: what the compiler has seen is often why.
std::string warnings(const Style& style, const results::Run& run) {
  constexpr size_t most = 3;
  std::string out;
  for (size_t i = 0; i < run.warnings.size() && i < most; ++i) out += wrapped(style, "  warning: ", base::printable(run.warnings[i]));
  if (run.warnings.size() > most) out += fmt::format("  and {} warnings more\n", run.warnings.size() - most);
  return out;
}

std::string lab_in_full(const Records& records, const results::Run& run, const Style& style) {
  const std::string& lab = records.front()->lab;
  const results::Score score = results::score_of(records);
  std::string out = headline(style, lab, of_points(score), paint(style, "1", lab)) + cap(style, score);
  if (not_built(records)) return out + failure_in_full(*records.front(), run, style);
  const Record* first = results::first_failure(records);
  bool all = true;
  for (const Record* r : records) {
    all = all && (r->result == Result::passed || r->stretch);
    if (r->result == Result::follows || r->result == Result::skipped) continue;
    out += line_of(style, *r, r->stretch ? "+" : std::to_string(r->points), r->title);
    if (r->result == Result::not_attempted && records.size() == 1)
      out += fmt::format("{}{}\n", below_the_points, not_begun);
    if (r->result == Result::not_run) out += fmt::format("{}{}\n", below_the_points, not_run);
    if (r == first) out += failure_in_full(*r, run, style) + builds_on(style, *r, records);
    else if (r->result == Result::failed || r->result == Result::could_not_check)
      out += wrapped(style, below_the_points, base::split(r->actual, '\n').front());
  }
  out += together(style, records, Result::follows, std::string("fail, ") + same_reason);
  out += together(style, records, Result::skipped, not_tried);
  if (all && score.possible == 100) out += what_is_next(style, lab, run.tree);
  return out;
}

std::string labs_in_short(const std::vector<Records>& labs, const results::Run& run, const Style& style) {
  std::string out;
  results::Score sum;
  Records all;
  for (const Records& records : labs) {
    const results::Score score = results::score_of(records);
    sum.earned += score.earned;
    sum.possible += score.possible;
    const std::string unknown = score.unknown > 0 ? fmt::format(", {} unknown", score.unknown) : "";
    out += headline(style, score.lab, of_points(score) + unknown, score.lab) + cap(style, score);
    all.insert(all.end(), records.begin(), records.end());
  }
  out += headline(style, "all", of_points(sum), "all");
  if (const Record* first = results::first_failure(all)) out += "\n" + wrapped(style, first->lab + ": ", first->title) + failure_in_full(*first, run, style);
  return out;
}

}  // namespace

std::string report(const results::Run& raw, const Style& style) {
  results::Run run = raw;
  for (Record& r : run.records) r = results::printable(std::move(r));  // below, every text may be shown as it is
  run.tree = base::printable(run.tree);
  std::vector<Records> labs;
  for (const Record& r : run.records) {
    if (labs.empty() || labs.back().front()->lab != r.lab) labs.emplace_back();
    labs.back().push_back(&r);
  }
  std::string out = warnings(style, run);
  out += labs.size() == 1 ? lab_in_full(labs[0], run, style) : labs_in_short(labs, run, style);
  if (const std::string weaker = of_room(run); !weaker.empty()) out += wrapped(style, "note: ", weaker);
  return out;
}

std::string progress_line(const results::Run& run) {
  size_t done = 0;
  std::string lab;
  for (const Record& r : run.records)
    r.result == Result::not_run ? void(lab = lab.empty() ? r.lab : lab) : void(++done);
  return fmt::format("{} of {} checks{}", done, run.records.size(), lab.empty() ? "" : "  " + base::printable(lab));
}

}  // namespace tell
