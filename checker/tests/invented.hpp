// A class that nobody has taught: as many students and labs as wanted, always the same, with explanations of an ordinary length.
#pragma once

#include <fmt/format.h>

#include "course/catalogue.hpp"
#include "results/gradebook.hpp"
#include "results/score.hpp"
#include "tests/example.hpp"
#include "tests/names.hpp"

namespace tests {

constexpr size_t checks_a_lab = 20;

/// Which of the lab's checks this student fails, by chance that is always the same: lab 3 is harder than lab 1, check 7 than check 2.
inline bool fails(size_t student, size_t lab, size_t check) {
  const size_t dice = (student * 7919 + lab * 104729 + check * 1299709 + student * lab * 31 + student * check * 17) % 997;
  return dice < 20 + 10 * lab + 12 * check;
}

/// The words of each failure name the student: on nobody else's page they may stand.
inline results::Run invented_run(const results::Grades& student, size_t who, const std::string& lab, size_t place) {
  static const std::vector<std::string> mistakes = course::all_diagnoses();
  results::Run run = run_of({});
  run.seed = static_cast<std::uint32_t>(1000 + who);
  run.warnings.clear();
  for (size_t check = 0; check < checks_a_lab; ++check) {
    results::Record r = example();
    r.lab = lab;
    r.id = fmt::format("check-{:02}", check);
    r.title = fmt::format("{} does the thing that is number {} of the handout's list", lab, check);
    r.points = 100 / static_cast<int>(checks_a_lab);
    if (fails(who, place, check)) {
      r.actual = "it printed \"" + student.name + "\", which is what " + student.key + " prints";
      r.lines.assign(6, "└ " + student.name + " 4      blocked in read(0) on pipe A");
      r.calls.assign(12, "pipeline 3   write(1, \"" + student.name + "\", 7) = 7");
      r.by_hand = "./build/labs/" + lab + "/program cat : cat";
      r.diagnoses = {mistakes[(place * 11 + check * (who % 3 + 1)) % mistakes.size()]};
    } else {
      r.result = results::Result::passed;
      r.expected = r.actual = r.by_hand = {};
      r.lines = r.calls = r.diagnoses = {};
    }
    run.records.push_back(r);
  }
  return run;
}

/// Every thirtieth lab is not handed in, every fiftieth refused. `hostile`: each tenth is called as none should be.
inline results::Gradebook invented_class(size_t students, size_t labs, bool hostile) {
  static const char* const labs_of_ours[]{"00-descriptors", "01-pipeline",      "02-fifo",      "03-signals",
                                          "04-shutdown",    "05-delivery",      "06-jobs",      "07-message-queue",
                                          "08-sysv-queue",  "09-shared-memory", "10-semaphore", "11-sockets"};
  static const char* const first_names[]{"Ada", "Zoë", "Linus", "小龙", "Ольга", "نرگس", "Björn", "Ngọc", "שרה", "Maria José"};
  results::Gradebook book;
  book.source = hostile ? "/somewhere/" + for_a_page[0] : "/somewhere/spring";
  for (size_t lab = 0; lab < labs; ++lab) book.labs.emplace_back(labs_of_ours[lab % std::size(labs_of_ours)]);
  for (size_t who = 0; who < students; ++who) {
    results::Grades s;
    s.key = fmt::format("student-{:04}", who);
    s.name = fmt::format("{} Nr{:04}", first_names[who % std::size(first_names)], who);
    if (hostile && who % 10 == 0) s.name = for_a_page[who / 10 % std::size(for_a_page)] + fmt::format(" Nr{:04}", who);
    s.id = fmt::format("id{:05}", 90000 - who);
    s.email = fmt::format("mail{:04}@example.org", who);
    s.section = who % 2 ? "Tuesday" : "Monday";
    s.late = who % 9 == 4;
    for (size_t lab = 0; lab < labs; ++lab) {
      results::Grade grade{book.labs[lab], results::Grade::State::graded, 0, {}, {}};
      if ((who * 13 + lab * 5) % 30 == 1) grade.state = results::Grade::State::not_handed_in;
      else if ((who * 7 + lab * 3) % 50 == 2)
        grade.state = results::Grade::State::refused, grade.notes = {s.name + ": two files of one name"};
      else grade.points = results::scores_of(invented_run(s, who, book.labs[lab], lab)).front().earned;
      s.labs.push_back(grade);
    }
    book.students.push_back(s);
  }
  book.record_of = [all = book.students](const results::Grades& student, const results::Grade& grade) {
    const size_t who = std::stoul(student.key.substr(8));
    const auto& of = all[who].labs;
    size_t place = 0;
    while (of[place].lab != grade.lab) ++place;
    return invented_run(student, who, grade.lab, place);
  };
  return book;
}

}  // namespace tests
