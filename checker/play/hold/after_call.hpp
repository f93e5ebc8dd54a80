// A program held at the very moment when a call of its has returned, as if it got no CPU for a while: what it asked for
// has happened, and may be overtaken by events, before it does anything else. Needs no clock, and disturbs neither its
// signals nor its calls (ptrace(2), PTRACE_SYSCALL). What has come meanwhile meets it when it is let go.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "play/subject/observed.hpp"
#include "play/start/ptrace.hpp"

namespace play {

class AfterCall {
 public:
  /// Chosen calls, looked at when they begin.
  using Which = std::function<bool(const CallStop& call)>;

  /// Watches the calls of the program's main thread from now on: it has been stopped once, and goes on, when this returns. `call` is
  /// how a person calls them: "kill()".
  AfterCall(Testbed& testbed, const Observed& program, std::string call, Which which);
  AfterCall(const AfterCall&) = delete;
  AfterCall& operator=(const AfterCall&) = delete;
  ~AfterCall() { let_go(); }

  /// Waits until it is held after such a call. False when nothing moves any more and it has made none.
  bool comes();
  /// Lets it go on, until the next one.
  void let_go();

 private:
  /// What the testbed serves: outlives this object, as long as the program is watched.
  struct State {
    pid_t program;
    Which which;
    bool chosen = false;  ///< the call that it is in
    bool held = false;
    bool watched = false;  ///< it has stopped for the first time
    bool serve();
  };
  Testbed& testbed_;
  std::string call_;
  std::shared_ptr<State> state_;
};

}  // namespace play
