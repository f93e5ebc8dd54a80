#include "tell/formats/told.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "results/printable.hpp"
#include "tell/explanation.hpp"
#include "tell/failure.hpp"
#include "tell/sentences.hpp"

namespace tell::formats {
namespace {

using results::Record, results::Result;

// Platforms show text in boxes of their own width and letters: no colours, no signs that draw.
const Style in_a_box{.colour = false, .plain = true, .width = 100};

std::string first_line(const std::string& text) { return base::split(text, '\n').front(); }

std::string on_one_line(const std::string& text) { return base::join(base::split(text, '\n'), " "); }

// A failure is told below its line of a report, and set in as far as that asks for. Here nothing stands above it.
std::string without_indent(const std::string& text) {
  constexpr size_t below_a_report = 8;
  std::vector<std::string> lines = base::split(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (std::string& line : lines) line.erase(0, std::min(line.find_first_not_of(' '), below_a_report));
  return base::join(lines, "\n");
}

Verdict verdict_of(const Record& r) {
  if (r.result == Result::passed) return Verdict::passed;
  if (r.stretch) return Verdict::skipped;
  switch (r.result) {
    case Result::failed:
    case Result::follows: return Verdict::failed;
    case Result::could_not_check:
    case Result::not_run: return Verdict::open;
    default: return Verdict::skipped;
  }
}

// Which of the checks that it needs have not passed.
std::string reason_of(const Record& r, const std::vector<Record>& all) {
  std::vector<std::string> reasons;
  for (const std::string& id : r.needs)
    for (const Record& other : all)
      if (other.lab == r.lab && other.id == id && other.result != Result::passed) reasons.push_back(id);
  return std::string("it fails, ") + same_reason + (reasons.empty() ? " as another one" : " as " + base::join(reasons, ", "));
}

std::string brief_of(const Record& r, const std::vector<Record>& all) {
  switch (r.result) {
    case Result::passed: return "";
    case Result::failed: return first_line(what_differs(r));
    case Result::follows: return reason_of(r, all);
    case Result::skipped: return not_tried;
    case Result::not_attempted: return not_begun;
    case Result::not_run: return not_run;
    case Result::could_not_check: return std::string(graders_trouble) + ": " + first_line(r.actual);
  }
  return "";
}

// What the compiler said is said once a lab, however many checks fail for it.
bool said_before(const Record& r, const Lab& lab) {
  return r.ground == results::Ground::not_built && std::any_of(lab.checks.begin(), lab.checks.end(), [&](const Check& c) {
           return c.record.ground == r.ground && c.record.actual == r.actual;
         });
}

std::string text_of(const Check& c, const results::Run& run, const Lab& lab) {
  const Record& r = c.record;
  if (r.result == Result::failed || r.result == Result::could_not_check)
    return said_before(r, lab) ? c.brief : without_indent(failure_in_full(r, run, in_a_box));
  if (r.result == Result::follows) return c.brief + "\n" + without_indent(failure_in_full(r, run, in_a_box));
  return c.brief;
}

Lab& lab_named(Told& all, const std::string& name) {
  const auto at = std::find_if(all.labs.begin(), all.labs.end(), [&](const Lab& lab) { return lab.score.lab == name; });
  if (at != all.labs.end()) return *at;
  all.labs.emplace_back().score.lab = name;
  return all.labs.back();
}

// The first checks that passed keep their points until the cap is reached.
void count_points(Lab& lab) {
  std::vector<const Record*> records;
  for (const Check& c : lab.checks) records.push_back(&c.record);
  lab.score = results::score_of(records);
  int left = lab.score.earned;
  for (Check& c : lab.checks) {
    if (c.record.stretch) continue;
    c.possible = c.record.points;
    c.earned = std::min(left, c.record.earned());
    left -= c.earned;
    if (c.earned == c.record.earned()) continue;
    const std::string why = fmt::format("it passed, and {} of its {} points count: {}", c.earned, c.possible, of_cap(lab.score));
    c.text = without_indent(wrapped(in_a_box, "", why));
  }
}

void say_what_is_open(Told& all) {
  std::vector<std::string> names;
  int points = 0;
  for (const Lab& lab : all.labs)
    for (const Check& c : lab.checks)
      if (c.verdict == Verdict::open) {
        names.push_back((all.labs.size() > 1 ? lab.score.lab + "/" : "") + c.record.id);
        points += c.possible;
      }
  if (names.empty()) return;
  const bool one = names.size() == 1;
  all.open = fmt::format("{} could not be checked ({}): that is the grader's trouble and not yours, and {} {} points are open until "
                         "this is graded again",
                         one ? "one check" : fmt::format("{} checks", names.size()), base::join(base::first_of(names, 10), ", "),
                         one ? "its" : "their", points);
}

}  // namespace

Told told(const results::Run& raw) {
  results::Run run = raw;
  run.tree = base::printable(run.tree);
  for (Record& r : run.records) r = results::printable(std::move(r));  // below, every text may be shown as it is
  Told all;
  for (const Record& r : run.records) {
    Lab& lab = lab_named(all, r.lab);
    Check c;
    c.record = r;
    c.verdict = verdict_of(r);
    c.brief = on_one_line(as_it_is(in_a_box, brief_of(r, run.records)));
    c.text = text_of(c, run, lab);
    c.name = on_one_line(as_it_is(in_a_box, r.id + ": " + r.title + (r.stretch ? " (stretch)" : "")));
    lab.checks.push_back(std::move(c));
  }
  for (Lab& lab : all.labs) {
    count_points(lab);
    all.earned += lab.score.earned;
    all.possible += lab.score.possible;
    for (Check& c : lab.checks) c.full_name = (all.labs.size() > 1 ? on_one_line(lab.score.lab) + "/" : "") + c.name;
    for (const std::string& warning : run.warnings)
      if (warning.starts_with(lab.score.lab + "/")) lab.warnings.push_back(results::printable_lines(warning));
    if (!lab.score.instead.empty()) all.notes.push_back(lab.score.lab + ": " + of_cap(lab.score));
  }
  say_what_is_open(all);
  if (!all.open.empty()) all.notes.push_back(all.open);
  if (const std::string weaker = of_room(run); !weaker.empty()) all.notes.push_back(weaker);
  return all;
}

std::string shortened(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  const size_t end = text.rfind('\n', most);
  const size_t kept = end == std::string::npos ? 0 : end;
  return text.substr(0, kept) + fmt::format("{}... and {} bytes more: make grade shows them", kept ? "\n" : "", text.size() - kept);
}

}  // namespace tell::formats
