// A sleeping program, held by the check just before the system call that it slept in (ptrace(2)).
// The program has looked at everything it wanted to look at, and does not sleep yet. What is sent now is lost to a
// program that looks first and then sleeps, each time, and never to one whose call lets signals in as it falls asleep,
// or finds them in a descriptor. The program is not changed and does not help.
//
//   { const BeforeSleep held(lab.testbed(), steady); steady.send(SIGUSR1); }
//   CHECK(steady.prints("status 0 idle\n"));
//
// Holds the main thread only: another thread goes on. A program that was stopped and continued since it fell asleep
// cannot be held (its call no longer says which one it was). Where tracing is refused (Yama scope 2 and up, a program
// that is not dumpable, a tracer that is there already) or the machine is none of those below, the constructor throws:
// the check could not be done.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

#include "play/subject/observed.hpp"

namespace play {

class BeforeSleep {
 public:
  /// Waits until its main thread sleeps, and holds it.
  BeforeSleep(Testbed& testbed, const Observed& who);
  BeforeSleep(const BeforeSleep&) = delete;
  BeforeSleep& operator=(const BeforeSleep&) = delete;
  /// Lets go: the handlers of what came run, then the call begins.
  ~BeforeSleep();

  /// The call it stands before: "poll".
  const std::string& call() const { return call_; }

 private:
  void hold();
  bool comes_back_to_it();
  int await_stop() const;
  void resume(long request, int signal = 0) const;

  Testbed& testbed_;
  pid_t pid_;
  std::string who_, call_;
  long number_ = -1;
  bool seized_ = false;
};

/// What it is asked after something came while it was held. A failure says so; and where it hangs, it is diagnosed as
/// signal/lost-at-the-door: let this be asked only of a program that answers the same thing elsewhere.
Verdict unless_lost(const std::string& what_came, const std::string& call, Verdict verdict);

}  // namespace play
