// A program held at the very moment after each process that it makes, as if it got no CPU for a while: so its children
// are far ahead of it. Needs no clock, and disturbs neither its signals nor its calls (ptrace(2), PTRACE_EVENT_FORK).
#pragma once

#include <memory>
#include <vector>

#include "play/subject/observed.hpp"

namespace play {

class AtFork {
 public:
  /// Watches the program's main thread from now on.
  AtFork(Testbed& testbed, const Observed& program);

  /// After the next process that it makes, holds it until nothing else can move. False where it makes none.
  bool hold_at_next();
  /// The same after each one, until it makes no more.
  void hold_at_each() {
    while (hold_at_next()) {}
  }

 private:
  /// What the testbed serves: outlives this object, as long as the program is watched.
  struct State {
    pid_t program;
    bool held = false;
    std::vector<pid_t> newborn;  ///< traced by birth, let go at once
    bool serve();
  };
  Testbed& testbed_;
  std::shared_ptr<State> state_;
};

}  // namespace play
