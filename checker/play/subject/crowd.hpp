// Many gates, one for each of several programs that want the same thing: how many stand there when nothing moves.
#pragma once

#include <deque>
#include <string>

#include "play/subject/gate.hpp"

namespace play {

class Crowd {
 public:
  /// Makes the gates `name`1, `name`2, ... as many as `size`.
  Crowd(Testbed& testbed, const std::string& name, int size);

  /// The gates' names, for command lines, and the gates themselves: from 0.
  const std::string& at(int i) const { return names_[static_cast<size_t>(i)]; }
  Gate& gate(int i) { return gates_[static_cast<size_t>(i)]; }

  /// When nothing moves any more, processes stand at exactly so many of the gates.
  Verdict stands_at(int wanted);
  /// At how many they stood when that was last asked.
  int last_seen() const { return last_seen_; }
  /// Lets one of those that stand go on; says which: its place, from 0.
  int let_one_go();

 private:
  Testbed* testbed_;
  std::deque<std::string> names_;
  std::deque<Gate> gates_;
  int last_seen_ = 0;
};

}  // namespace play
