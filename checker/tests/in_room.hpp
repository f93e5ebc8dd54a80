// Runs a piece of a test in a room of its own, in a process of its own, as a check runs.
#pragma once

#include <functional>
#include <string>

#include "play/lab.hpp"

namespace tests {

/// Calls `life` inside a room in which the test programs are installed; what it returns comes back. Throws where the
/// room failed, with the reason.
std::string in_room(const std::function<std::string(play::Testbed&)>& life);

/// Runs verdicts in order and remembers the first that failed, as CHECK does in a check.
class Story {
 public:
  Story& operator<<(const play::Verdict& v) {
    if (said_.empty() && !static_cast<bool>(v)) said_ = v.sentence();
    return *this;
  }
  std::string result() const { return said_.empty() ? "holds" : said_; }

 private:
  std::string said_;
};

/// What the program `hostile` is called in the rooms of this run of the tests: another run beside it has its own.
std::string hostile_name();

/// The rung that this run of the tests stands on.
room::Rung rung();

/// A process that computes for as long as it lives, to load the machine.
class Spinner {
 public:
  Spinner();
  ~Spinner();
  Spinner(const Spinner&) = delete;
  Spinner& operator=(const Spinner&) = delete;

 private:
  pid_t pid_;
};

/// How often what could be a flake is repeated: 1 in everyday tests, more in a soak (the variable SOAK).
int repetitions();

}  // namespace tests
