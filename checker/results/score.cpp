#include "results/score.hpp"

#include <algorithm>

namespace results {

Score score_of(const std::vector<const Record*>& records) {
  Score s;
  for (const Record* r : records) {
    s.lab = r->lab;
    if (s.instead.empty()) s.instead = r->instead;
    if (r->stretch) continue;
    s.earned += r->earned();
    s.possible += r->points;
    if (r->result == Result::failed) ++s.failed;
    if (r->result == Result::could_not_check || r->result == Result::not_run) ++s.unknown;
  }
  if (!s.instead.empty() && s.earned > most_without_mechanism) {
    s.lost_to_cap = s.earned - most_without_mechanism;
    s.earned = most_without_mechanism;
  }
  return s;
}

const Record* first_failure(const std::vector<const Record*>& records) {
  const Record* todo = nullptr;
  for (const Record* r : records) {
    if (r->result == Result::could_not_check || (r->result == Result::failed && r->todos.empty())) return r;
    if (r->result == Result::failed && !todo) todo = r;
  }
  return todo;
}

std::vector<Score> scores_of(const Run& run) {
  std::vector<std::pair<std::string, std::vector<const Record*>>> labs;
  for (const Record& r : run.records) {
    auto lab = std::find_if(labs.begin(), labs.end(), [&](const auto& l) { return l.first == r.lab; });
    if (lab == labs.end()) lab = labs.insert(lab, {r.lab, {}});
    lab->second.push_back(&r);
  }
  std::vector<Score> scores;
  for (const auto& [lab, records] : labs) scores.push_back(score_of(records));
  return scores;
}

}  // namespace results
