// What is thrown by an act of the check that a program has made impossible: it has put a folder in the place of a file,
// filled the disk, ended whom the check was about to signal. That is the program's doing, and its case has failed; any
// other exception is the grader's trouble.
#pragma once

#include <exception>
#include <string>

#include "play/verdict/verdict.hpp"

namespace play {

class Obstructed : public std::exception {
 public:
  explicit Obstructed(Evidence evidence) : evidence_(std::move(evidence)), what_(evidence_.actual) {}
  Obstructed(std::string expected, std::string actual)
      : Obstructed(Evidence{std::move(expected), std::move(actual)}) {}
  const Evidence& evidence() const { return evidence_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  Evidence evidence_;
  std::string what_;
};

}  // namespace play
