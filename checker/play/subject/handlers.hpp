// Handlers that a program had and has no more: SigCgt of /proc/PID/status has lost them. The kernel takes one away when it
// runs, with SA_RESETHAND or a signal() of System V; or the program has put the default back. Looks only, and does not wait.
#pragma once

#include <cstdint>
#include <vector>

#include "play/subject/observed.hpp"

namespace play {

class Handlers {
 public:
  /// Those that it has for these signals now.
  Handlers(const Observed& program, const std::vector<int>& signals);

  /// Looks again: to be called while the program sleeps, before it is sent one of them. One that has ended is not asked.
  void look(const Observed& program);

  /// A failure of this program is signal/handler-gone: it was ended by a signal whose handler was gone at the last look, or
  /// it waits, and a handler is gone now. A signal that is pending is left out: who dies of a signal puts its default back.
  Verdict explain(const Observed& program, Verdict verdict);

 private:
  std::uint64_t asked_, had_ = 0, gone_ = 0;
};

/// A signal has come and waits, kept out by the mask of the sleep that the program is in (ShdPnd and SigBlk), and it has no
/// descriptor by which it could hear of it instead (signalfd, pidfd). Does not wait.
bool keeps_out_what_came(const Observed& program);

}  // namespace play
