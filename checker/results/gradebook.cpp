#include "results/gradebook.hpp"

#include <algorithm>

namespace results {

int Grades::total() const {
  int all = 0;
  for (const Grade& g : labs) all += g.points;
  return all;
}

std::vector<int> Gradebook::points_in(size_t lab) const {
  std::vector<int> points;
  for (const Grades& s : students)
    if (s.labs[lab].state == Grade::State::graded) points.push_back(s.labs[lab].points);
  std::ranges::sort(points);
  return points;
}

}  // namespace results
