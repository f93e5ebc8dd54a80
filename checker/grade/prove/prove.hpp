// The course proves itself: for one lab, that its solution holds every check, its skeleton none, each fault just what
// it names, and each variant all. What has been proven is stamped, so that a changed lab is proven again alone.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"

namespace grade {

/// Sentences for a person: what does not hold. Empty: the lab is proven. Says on standard output what it did, with the
/// slowest checks. `again`: ignore the stamp.
std::vector<std::string> prove(const course::Lab& lab, bool again);

/// What no single lab can prove: every entry of the catalogue is drawn by some fault, and every diagnosis that a fault
/// draws has an entry.
std::vector<std::string> prove_catalogue();

}  // namespace grade
