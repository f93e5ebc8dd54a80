#include "tell/gradebook/overview.hpp"

#include <algorithm>
#include <exception>
#include <numeric>

#include "results/score.hpp"

namespace tell::gradebook {
namespace {

using results::Grade, results::Record, results::Result;

// In order.
void add_once(std::vector<size_t>& all, size_t one) {
  const auto at = std::ranges::lower_bound(all, one);
  if (at == all.end() || *at != one) all.insert(at, one);
}

}  // namespace

Runs runs_of(const results::Gradebook& book, const results::Grades& student) {
  Runs runs;
  for (const Grade& grade : student.labs) {
    runs.emplace_back();
    if (grade.state != Grade::State::graded) continue;
    try {
      runs.back() = book.record_of(student, grade);
    } catch (const std::exception&) {  // the page says that there is none: the points stand all the same
    }
  }
  return runs;
}

Overview::Overview(const results::Gradebook& book) {
  for (const std::string& lab : book.labs) labs_.push_back({lab, {}});
}

size_t Overview::check_of(Lab& lab, const Record& r) {
  auto check = std::ranges::find(lab.checks, r.id, &Check::id);
  if (check == lab.checks.end()) check = lab.checks.insert(check, {r.id, r.title, r.points, r.stretch});
  return static_cast<size_t>(check - lab.checks.begin());
}

size_t Overview::mistake_of(const std::string& id) {
  auto mistake = std::ranges::find(mistakes_, id, &Mistake::id);
  if (mistake == mistakes_.end()) mistake = mistakes_.insert(mistake, {id, {}, {}});
  return static_cast<size_t>(mistake - mistakes_.begin());
}

void Overview::count(size_t lab, const Record& r) {
  Check& check = labs_[lab].checks[check_of(labs_[lab], r)];
  if (r.result != Result::could_not_check && r.result != Result::not_run) ++check.tried;
  if (r.result == Result::passed) ++check.passed;
  if (r.result != Result::failed || r.diagnoses.empty()) return;
  Mistake& mistake = mistakes_[mistake_of(r.diagnoses.front())];
  add_once(mistake.labs, lab);
  // A student makes a mistake once, however many checks fail by it.
  if (mistake.who.empty() || mistake.who.back() != firsts_.size() - 1) mistake.who.push_back(firsts_.size() - 1);
}

void Overview::add(const Runs& runs) {
  firsts_.emplace_back();
  for (size_t lab = 0; lab < labs_.size() && lab < runs.size(); ++lab) {
    if (!runs[lab]) continue;
    std::vector<const Record*> records;
    for (const Record& r : runs[lab]->records) {
      if (r.lab != labs_[lab].lab) continue;
      records.push_back(&r);
      count(lab, r);
    }
    const Record* first = results::first_failure(records);
    if (!first) continue;
    First failure{lab, check_of(labs_[lab], *first), {}};
    if (!first->diagnoses.empty()) failure.mistake = mistake_of(first->diagnoses.front());
    firsts_.back().push_back(failure);
  }
}

std::vector<Check> Overview::hardest(const Lab& lab) {
  std::vector<Check> all = lab.checks;
  // passed / tried, without a division; what nobody has tried comes last.
  std::ranges::stable_sort(all, [](const Check& a, const Check& b) {
    return a.tried && b.tried ? a.passed * b.tried < b.passed * a.tried : a.tried > b.tried;
  });
  return all;
}

std::vector<size_t> Overview::most_frequent() const {
  std::vector<size_t> places(mistakes_.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::ranges::stable_sort(places, [&](size_t a, size_t b) { return mistakes_[a].who.size() > mistakes_[b].who.size(); });
  return places;
}

}  // namespace tell::gradebook
