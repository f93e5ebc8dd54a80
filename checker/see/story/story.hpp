// A family that has stopped moving, described for a person: who is blocked in which call on which object, and who has
// the other end. Explains only; whether anything can still move is motion's verdict.
// Where the evidence does not name a culprit, the story tells the state and accuses nobody.
#pragma once

#include <string>
#include <vector>

#include "see/family.hpp"

namespace see {

/// Who plays which part, as the check knows it.
struct Scene {
  pid_t check = 0;              ///< its descriptors are "this check's"
  std::vector<pid_t> programs;  ///< those it started itself
};

struct Story {
  std::vector<std::string> lines;      ///< a process tree, then who has the ends of each object
  std::vector<std::string> diagnoses;  ///< ids of the catalogue, the likeliest cause first
  bool waits_for_check = false;        ///< what it waits for is the check's to give
};

Story story_of(const Family& family, const Scene& scene);

/// What one thread does, in words: "blocked in read(0) on pipe A" without the letter.
std::string what_it_does(const Process& process, const Thread& thread);

}  // namespace see
