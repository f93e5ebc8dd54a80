// A process held in the middle of its death: it has been killed, and has not yet closed its files, handed its children
// on or become a zombie. Whoever says meanwhile that it is dead was told by a clock or by hope.
#pragma once

#include "play/observed.hpp"

namespace play {

class Dying {
 public:
  /// Lies in wait for the end of `subject`, a process of the room that nobody traces (PTRACE_O_TRACEEXIT).
  Dying(Stage& stage, pid_t subject);
  Dying(const Dying&) = delete;
  Dying& operator=(const Dying&) = delete;
  ~Dying() { let_die(); }

  /// Waits until it has been killed, and is held in its end. Its own standing still is no motion.
  Verdict is_killed();
  /// Lets it die.
  void let_die();

 private:
  Stage& stage_;
  pid_t subject_;
};

}  // namespace play
