// Whether somebody who uses up a budget still gets on, or only repeats itself: what comes for the first time while a
// check waits. Looks are samples: what came and went between two of them is not seen.
// Does not judge: a program may print or start processes for ever.
#pragma once

#include <array>
#include <chrono>
#include <set>
#include <string>
#include <utility>

#include "see/family.hpp"

namespace play {

class Progress {
 public:
  /// What is there now; what no look has met before is news. `printed` counts bytes.
  void look(const see::Family& family, size_t printed);

  /// The news of the second half of the time so far: "it prints, it starts processes". Empty: it only repeats itself.
  std::string lately() const;

 private:
  using clock = std::chrono::steady_clock;
  enum News { prints, starts_processes, makes_other_calls, kinds };

  clock::time_point begun_ = clock::now();
  std::array<clock::time_point, kinds> last_{begun_, begun_, begun_};
  size_t printed_ = 0;
  std::set<std::pair<pid_t, std::uint64_t>> processes_;  ///< with their start: numbers are given out again
  std::set<long> calls_;
};

}  // namespace play
