// What the records of a class come to: each lab's checks and who passes them, the mistakes and who makes them, where each student fails
// first. Numbers and names alone: it grows with the class, not with what there is to explain. Adds no points.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/gradebook.hpp"

namespace tell::gradebook {

/// One student's records, one for each lab of the gradebook; nothing where there is none, or none that can be read.
using Runs = std::vector<std::optional<results::Run>>;
Runs runs_of(const results::Gradebook& book, const results::Grades& student);

struct Check {
  std::string id, title;
  int points = 0;
  bool stretch = false;
  int passed = 0, tried = 0;  ///< students
};

struct Lab {
  std::string lab;
  std::vector<Check> checks;  ///< in the lab's order
};

struct Mistake {
  std::string id;             ///< of the catalogue
  std::vector<size_t> labs;   ///< in which it was made
  std::vector<size_t> who;    ///< students
};

/// The failure of a lab to read first: check and mistake by their places in the overview.
struct First {
  size_t lab = 0, check = 0;
  std::optional<size_t> mistake;
};

class Overview {
 public:
  explicit Overview(const results::Gradebook& book);

  /// The next student of the gradebook.
  void add(const Runs& runs);

  const std::vector<Lab>& labs() const { return labs_; }
  /// Each check once, the one that fewest pass first.
  static std::vector<Check> hardest(const Lab& lab);
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  /// Their places in mistakes(), the one that most make first.
  std::vector<size_t> most_frequent() const;
  const std::vector<First>& first_failures(size_t student) const { return firsts_.at(student); }

 private:
  size_t check_of(Lab& lab, const results::Record& record);
  size_t mistake_of(const std::string& id);
  void count(size_t lab, const results::Record& record);

  std::vector<Lab> labs_;
  std::vector<Mistake> mistakes_;
  std::vector<std::vector<First>> firsts_;  ///< a student each
};

}  // namespace tell::gradebook
