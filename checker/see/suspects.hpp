// From a still family to diagnosis ids: who has an end it should not have.
// The order of accusation: the blocked process itself, the lab's program, a sibling, and last the check.
#pragma once

#include <string>
#include <vector>

#include "see/blocked.hpp"
#include "see/holders.hpp"
#include "see/story.hpp"

namespace see {

struct Suspicion {
  std::vector<std::string> diagnoses;
  bool waits_for_check = false;
};

Suspicion suspect(const Family& family, const Scene& scene, const Holders& holders,
                  const std::vector<Blocked>& blocked);

}  // namespace see
