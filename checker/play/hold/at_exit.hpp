// A process held in the middle of its death: it has been killed, and has not yet closed its files, handed its children
// on or become a zombie. Whoever says meanwhile that it is dead was told by a clock or by hope.
#pragma once

#include "play/subject/observed.hpp"

namespace play {

class AtExit {
 public:
  /// Lies in wait for the end of `subject`, a process of the room that nobody traces (PTRACE_O_TRACEEXIT).
  AtExit(Testbed& testbed, pid_t subject);
  AtExit(const AtExit&) = delete;
  AtExit& operator=(const AtExit&) = delete;
  ~AtExit() { let_die(); }

  /// Waits until it has been killed, and is held in its end. Its own standing still is no motion.
  Verdict is_killed();
  /// Lets it die.
  void let_die();

 private:
  Testbed& testbed_;
  pid_t subject_;
};

}  // namespace play
