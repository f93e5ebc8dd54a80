// The line that does in a shell what a check has done, where a shell can do all of it: files, starts, what is typed.
// Whatever else a check does (a signal, a gate, a terminal, something inherited) cannot be repeated so, and then there is no
// line: the steps are told instead. Does not know what failed; `prove` runs the line of each fault and of the solution.
#pragma once

#include <string>
#include <vector>

namespace play {

class ByHand {
 public:
  /// `folder`: where a person finds the executables, "./build/labs/01-pipeline".
  explicit ByHand(std::string folder) : folder_(std::move(folder)) {}

  void file(const std::string& name, const std::string& text);
  /// `after_all`: every program before it has ended. Returns what the program is called below.
  size_t start(const std::string& program, const std::vector<std::string>& words, bool after_all);
  void type(size_t who, const std::string& text);
  void close_input(size_t who);
  /// The check has done what no shell does.
  void something_else() { possible_ = false; }

  /// Empty where there is none. `alone`: it needs a folder of its own, for the files that it makes.
  std::string line(bool alone) const;

 private:
  struct Run {
    std::string program, words;
    std::string typed;
    bool closed = false;
  };
  std::string command(const Run& run, const std::string& folder) const;

  std::string folder_;
  bool possible_ = true;
  std::vector<std::pair<std::string, std::string>> files_;
  std::vector<Run> runs_;
};

}  // namespace play
