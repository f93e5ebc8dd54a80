// From a still family to diagnosis ids: who has an end it should not have.
// The order of accusation: the blocked process itself, the lab's program, a sibling, and last the check.
#pragma once

#include <string>
#include <vector>

#include "see/story/blocked.hpp"
#include "see/open_ends.hpp"
#include "see/story/story.hpp"

namespace see {

struct Suspicion {
  std::vector<std::string> diagnoses;
  bool waits_for_check = false;
};

Suspicion suspect(const Family& family, const Scene& scene, const OpenEnds& ends,
                  const std::vector<Blocked>& blocked);

}  // namespace see
