// The course proves itself: for one lab, that its solution holds every check, its skeleton none, each fault just what
// it names, and each variant all. What has been proven is stamped, so that a changed lab is proven again alone.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"

namespace grade {

struct Proof {
  std::vector<std::string> doubts;  ///< sentences for a person: what does not hold
  bool interrupted = false;         ///< by a signal: then nothing is known
};

/// Without doubts the lab is proven. Says on standard output what it did, with the slowest checks. `again`: ignore the stamp.
Proof prove(const course::Lab& lab, bool again);

/// The one fault or variant of this name, now.
Proof prove_one(const course::Lab& lab, const std::string& name);

/// The trees of the lab's variants, made anew: right programs, each in a tree of its own, for whoever grades them otherwise.
std::vector<std::string> trees_of_variants(const course::Lab& lab);

/// What no single lab can prove: every entry of the catalogue is drawn by some fault, and every diagnosis that a fault
/// draws has an entry.
std::vector<std::string> prove_catalogue();

}  // namespace grade
