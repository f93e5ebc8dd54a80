// Watches what a program's signal handlers call: starts it with our library (inside/unsafe_calls.cpp) loaded before its own, and
// judges. The library lives in the program's memory, so the kernel is asked whether it can see: it tells the check by a
// call about which the kernel asks the check, it is mapped (proc_pid_maps(5)), and each handler that the kernel was given lies in it.
// A program that is static, has executed another one, has unmapped it or goes to the kernel past it has failed, by that.
// It does not protect from a program that overwrites the library's own memory, nor from one whose second thread changes what it
// gives to rt_sigaction(2) in the moment in which the check has read it: nobody does that by mistake.
#pragma once

#include <memory>
#include <vector>

#include "play/subject/program.hpp"

namespace play {

class WatchedHandlers {
 public:
  /// The handlers of these signals.
  WatchedHandlers(Testbed& testbed, std::vector<int> signals);

  /// For Lab::start, of one program. What that itself starts is not watched.
  room::Order order() const;

  /// Until now no handler has called what is not async-signal-safe; otherwise draws signal/unsafe-call.
  Verdict call_only_safe_functions(const Program& program) const;

 private:
  struct Seen;
  std::string why_not_seen(const Program& program, std::vector<std::string>& lines) const;

  std::vector<int> signals_;
  std::string library_;           ///< as the check names it, and /proc shows it
  std::string library_for_them_;  ///< as a program does
  std::shared_ptr<Seen> seen_;    ///< the testbed goes on asking it
};

}  // namespace play
