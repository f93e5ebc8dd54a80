#include "results/difference.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "results/score.hpp"

namespace results {
namespace {

void compare(std::vector<std::string>& lines, const std::string& what, const std::string& was, const std::string& is) {
  if (was != is) lines.push_back(fmt::format("{}: was {}, is {}", what, was.empty() ? "not told" : was, is.empty() ? "not told" : is));
}

const Record* same_case(const Run& run, const Record& wanted) {
  const auto found = std::ranges::find_if(run.records, [&](const Record& r) { return r.lab == wanted.lab && r.id == wanted.id; });
  return found == run.records.end() ? nullptr : &*found;
}

std::string points_of(const Run& run, const std::string& lab) {
  for (const Score& score : scores_of(run))
    if (score.lab == lab) return std::to_string(score.earned);
  return {};
}

}  // namespace

Difference difference(const Run& before, const Run& now) {
  Difference d;
  for (const Score& score : scores_of(now)) compare(d.verdicts, score.lab + ", points", points_of(before, score.lab), std::to_string(score.earned));
  for (const Record& r : before.records) {
    const Record* other = same_case(now, r);
    compare(d.verdicts, r.lab + "/" + r.id, name_of(r.result), other == nullptr ? "no check any more" : name_of(other->result));
    if (other != nullptr && other->result == Result::failed && r.result == Result::failed && other->diagnoses != r.diagnoses)
      d.verdicts.push_back(r.lab + "/" + r.id + ": failed both times, with another diagnosis");
  }
  for (const Record& r : now.records)
    if (same_case(before, r) == nullptr) d.verdicts.push_back(r.lab + "/" + r.id + ": a new check");
  const auto seed = [](const Run& run) { return run.seed ? std::to_string(*run.seed) : std::string(); };
  compare(d.means, "seed", seed(before), seed(now));
  compare(d.means, "checker", before.checker, now.checker);
  compare(d.means, "course", before.course, now.course);
  compare(d.means, "compiler", before.compiler, now.compiler);
  compare(d.means, "kernel", before.kernel, now.kernel);
  compare(d.means, "machine", before.machine, now.machine);
  compare(d.means, "room", before.rung, now.rung);
  return d;
}

}  // namespace results
