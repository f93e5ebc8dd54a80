#include "tell/report.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "course/catalogue.hpp"
#include "course/lab.hpp"
#include "results/printable.hpp"
#include "room/rung.hpp"

namespace tell {
namespace {

constexpr size_t width = 100;

std::string paint(const Style& style, const char* code, const std::string& text) {
  return style.colour ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

// Lines of at most `width` columns, the first with `first` before it, the others indented as far.
std::string wrapped(const std::string& first, const std::string& text) {
  std::string out, line = first;
  const std::string indent(first.size(), ' ');
  bool empty = true;
  for (const std::string& paragraph : base::split(text, '\n')) {
    if (!empty) out += line + "\n", line = indent, empty = true;
    for (const std::string& word : base::split(paragraph, ' ')) {
      if (!empty && line.size() + 1 + word.size() > width) out += line + "\n", line = indent, empty = true;
      line += (empty ? "" : " ") + word;
      empty = false;
    }
  }
  return out + line + "\n";
}

std::string mark(const Style& style, results::Result result) {
  switch (result) {
    case results::Result::passed: return paint(style, "32", "ok  ");
    case results::Result::failed: return paint(style, "1;31", "FAIL");
    case results::Result::skipped: return paint(style, "2", "skip");
    case results::Result::could_not_check: return paint(style, "35", "??? ");
    case results::Result::not_attempted: return paint(style, "2", "-   ");
    case results::Result::not_run: return paint(style, "35", "none");
  }
  return "";
}

// What the check itself did last, out of its log: without it a reader cannot know what a sentence follows from.
std::string last_acts(const results::Record& r) {
  constexpr size_t most = 5;
  std::vector<std::string> acts;
  for (const results::Event& event : r.log)
    if (event.done_by_check) acts.push_back(event.what);
  if (acts.size() < 2) return {};  // it was started, as the line to run by hand says
  if (acts.size() > most) {
    acts.erase(acts.begin(), acts.end() - most);
    acts.insert(acts.begin(), "...");
  }
  return wrapped("          steps: ", base::join(acts, " · "));
}

std::string in_full(const results::Record& r) {
  std::string out;
  if (r.result == results::Result::could_not_check)
    return wrapped("        ", "this could not be checked, which is the grader's trouble and not yours: " + r.actual);
  out += wrapped("        ", r.expected.empty() ? "this does not hold: " + r.actual
                                                : "expected that " + r.expected + ", but " + r.actual);
  for (const std::string& line : r.lines) out += "          " + line + "\n";
  out += last_acts(r);
  const auto entry = r.diagnoses.empty() ? std::nullopt : course::diagnosis(r.diagnoses.front());
  const std::string hint = entry && !entry->hint.empty() ? entry->hint : r.hint;
  if (!hint.empty()) out += wrapped("        hint: ", hint);
  if (!r.by_hand.empty()) out += "        by hand: " + r.by_hand + "\n";
  out += fmt::format("        again: make grade LAB={} CHECK={}", course::Lab(r.lab).number(), r.id);
  if (entry) out += fmt::format("      more: make explain ID={}      {}", entry->id, entry->manual);
  return out + "\n";
}

// Colours take no columns: the left side is measured without them.
std::string headline(const std::string& left, const std::string& right, const std::string& painted) {
  return painted + std::string(left.size() + right.size() < 72 ? 72 - left.size() - right.size() : 1, ' ') + right + "\n";
}
std::string headline(const std::string& left, const std::string& right) { return headline(left, right, left); }

struct Sum {
  int earned = 0, possible = 0, failed = 0, unknown = 0;
};

Sum sum_of(const std::vector<const results::Record*>& records) {
  Sum s;
  for (const results::Record* r : records) {
    if (r->stretch) continue;
    s.earned += r->earned();
    s.possible += r->points;
    if (r->result == results::Result::failed) ++s.failed;
    if (r->result == results::Result::could_not_check || r->result == results::Result::not_run) ++s.unknown;
  }
  return s;
}

// When the program could not be built, all cases failed for that one reason: it is said once.
bool not_built(const std::vector<const results::Record*>& records) {
  return std::all_of(records.begin(), records.end(),
                     [&](const results::Record* r) { return r->ground == results::Ground::not_built; });
}

// One check that was asked for alone may fail for the reason of another, which would have kept it from being run.
std::string builds_on(const results::Record& r, const std::vector<const results::Record*>& records) {
  if (records.size() > 1 || r.needs.empty()) return "";
  return wrapped("        ",
                 "it builds on " + base::join(r.needs, ", ") + ", which was not run here: that comes first");
}

std::string lab_in_full(const std::string& lab, const std::vector<const results::Record*>& records, const Style& style) {
  const Sum sum = sum_of(records);
  std::string out = headline(lab, fmt::format("{}/{}", sum.earned, sum.possible), paint(style, "1", lab));
  if (not_built(records)) return out + in_full(*records.front());
  bool shown = false;
  std::string need;  // said once for all that wait for the same
  for (const results::Record* r : records) {
    out += fmt::format("  {}  {:>3}  {}\n", mark(style, r->result), r->stretch ? "+" : std::to_string(r->points),
                       r->title);
    if (r->result != results::Result::skipped) need.clear();
    if (r->result == results::Result::not_attempted && records.size() == 1)
      out += "             ...not begun: the program answers this with its usage line\n";
    if (r->result == results::Result::passed || r->result == results::Result::not_attempted) continue;
    if (r->result == results::Result::skipped) {
      if (r->actual != need) out += "             ..." + r->actual + "\n";
      need = r->actual;
    } else if (r->result == results::Result::not_run) out += "             ...not run: the grading was interrupted\n";
    else if (!shown) out += in_full(*r) + builds_on(*r, records), shown = true;
    else out += fmt::format("             ...{}\n", base::split(r->actual, '\n').front());
  }
  return out;
}

}  // namespace

std::string report(const results::Run& raw, const Style& style) {
  results::Run run = raw;
  for (results::Record& r : run.records) r = results::printable(std::move(r));  // below, every text may be shown as it is
  std::vector<std::pair<std::string, std::vector<const results::Record*>>> labs;
  for (const results::Record& r : run.records) {
    if (labs.empty() || labs.back().first != r.lab) labs.emplace_back(r.lab, std::vector<const results::Record*>{});
    labs.back().second.push_back(&r);
  }
  std::string out;
  if (labs.size() == 1) {
    out = lab_in_full(labs[0].first, labs[0].second, style);
  } else {
    const results::Record* first = nullptr;
    int earned = 0, possible = 0;
    for (const auto& [lab, records] : labs) {
      const Sum sum = sum_of(records);
      earned += sum.earned;
      possible += sum.possible;
      out += headline(lab, fmt::format("{}/{}{}", sum.earned, sum.possible,
                                       sum.unknown > 0 ? fmt::format(", {} unknown", sum.unknown) : ""));
      for (const results::Record* r : records)
        if (!first && (r->result == results::Result::failed || r->result == results::Result::could_not_check)) first = r;
    }
    out += headline("all", fmt::format("{}/{}", earned, possible));
    if (first) out += fmt::format("\n{}: {}\n{}", first->lab, first->title, in_full(*first));
  }
  if (!run.rung_why.empty())
    out += wrapped("note: ", fmt::format("the room is weaker here ({}): {}. Reason: {}", run.rung,
                                         room::weakness_of(room::Rung::subreaper), base::printable(run.rung_why)));
  return out;
}

std::string progress_line(const results::Run& run) {
  size_t done = 0;
  std::string lab;
  for (const results::Record& r : run.records)
    r.result == results::Result::not_run ? void(lab = lab.empty() ? r.lab : lab) : void(++done);
  return fmt::format("{} of {} checks{}", done, run.records.size(), lab.empty() ? "" : "  " + base::printable(lab));
}

}  // namespace tell
