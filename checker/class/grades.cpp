#include "class/grades.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "results/journal.hpp"
#include "results/score.hpp"

namespace intake {
namespace {

using results::Grade;

// Of a result that is there.
void take_result(const std::string& work, const Job& job, Grade& grade) {
  for (const results::Score& score : results::scores_of(results::load(results_of(work, job.student, job.lab) + ".json"))) {
    grade.points = score.earned;
    grade.instead = score.instead;
    if (score.unknown > 0) throw std::runtime_error("not all of it could be checked");
  }
  grade.state = Grade::State::graded;
}

using Jobs = std::map<std::pair<std::string, std::string>, const Job*>;  // by student and lab

Grade grade_of(const Student& s, const ForLab& lab, const std::string& work, const Jobs& jobs) {
  Grade grade{lab.lab, Grade::State::refused, 0, {}, lab.notes};
  if (!lab.refused.empty()) {
    grade.notes.push_back(lab.refused);
    return grade;
  }
  const auto job = jobs.find({s.key, lab.lab});
  grade.state = Grade::State::not_graded;
  if (job == jobs.end() || !is_done(work, *job->second)) return grade;
  try {
    take_result(work, *job->second, grade);
  } catch (const std::exception& e) {
    grade.notes.push_back(e.what());
  }
  return grade;
}

// Those that anybody has handed in: a course that has begun has no columns for what is still to come.
std::vector<std::string> labs_of(const Class& all) {
  std::vector<std::string> labs;
  for (const std::string& lab : all.labs)
    if (std::ranges::any_of(all.students,
                            [&](const Student& s) { return std::ranges::find(s.labs, lab, &ForLab::lab) != s.labs.end(); }))
      labs.push_back(lab);
  return labs.empty() ? all.labs : labs;
}

}  // namespace

results::Gradebook gradebook_of(const Class& all, const std::string& work, const std::vector<Job>& jobs) {
  results::Gradebook book{all.source, labs_of(all), all.notes, {}, [work](const results::Grades& student, const Grade& grade) {
                            return results::load(results_of(work, student.key, grade.lab) + ".json");
                          }};
  Jobs by_name;
  for (const Job& job : jobs) by_name[{job.student, job.lab}] = &job;
  for (const Student& s : all.students) {
    results::Grades grades{s.key, s.name, s.id, s.email, s.section, s.roster_row, s.late, s.refused, s.notes, {}};
    for (const std::string& key : book.labs) {
      const auto lab = std::ranges::find(s.labs, key, &ForLab::lab);
      if (lab != s.labs.end()) grades.labs.push_back(grade_of(s, *lab, work, by_name));
      else grades.labs.push_back({key, s.refused.empty() ? Grade::State::not_handed_in : Grade::State::refused, 0, {}, {}});
    }
    book.students.push_back(std::move(grades));
  }
  return book;
}

}  // namespace intake
