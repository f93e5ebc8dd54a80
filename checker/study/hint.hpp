// Help with one failure, in steps that say more each time: a question, the idea, a plan in words, the lines. Which TODO it is about
// comes from the check; what is said, from the catalogue, the handout, and the difference of skeleton and solution.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"
#include "results/record.hpp"

namespace study {

struct Hint {
  std::string heading;             ///< "The idea"
  std::vector<std::string> texts;  ///< paragraphs, to be wrapped
  std::vector<std::string> lines;  ///< to be shown as they are, below them
};

/// The steps that there are for this failure, the first says least. `todos`: the TODOs that its check asks for.
std::vector<Hint> hints_for(const results::Record& failure, const std::vector<int>& todos);

/// What makes two failures the same one to a learner: their check and their diagnosis.
std::string name_of(const results::Record& failure);

/// How many steps were shown of each failure; kept in a small text file, a line each: "2 01-pipeline/end-of-file pipe/...".
class Shown {
 public:
  explicit Shown(std::string path);
  int of(const std::string& failure) const;
  /// Remembers it at once.
  void set(const std::string& failure, int steps);

 private:
  std::string path_;
  std::vector<std::pair<std::string, int>> all_;
};

}  // namespace study
