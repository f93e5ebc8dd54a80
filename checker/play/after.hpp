// A program held at the very moment when a call of its has returned, as if it got no CPU for a while: what it asked for
// has happened, and may be overtaken by events, before it does anything else. Needs no clock, and disturbs neither its
// signals nor its calls (ptrace(2), PTRACE_SYSCALL). What has come meanwhile meets it when it is let go.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "play/observed.hpp"
#include "play/traced.hpp"

namespace play {

class After {
 public:
  /// Chosen calls, looked at when they begin.
  using Which = std::function<bool(const CallStop& call)>;

  /// Watches the calls of the program's main thread from now on. `call` is how a person calls them: "kill()".
  After(Stage& stage, const Observed& program, std::string call, Which which);
  After(const After&) = delete;
  After& operator=(const After&) = delete;
  ~After() { let_go(); }

  /// Waits until it is held after such a call. False when nothing moves any more and it has made none.
  bool holds();
  /// Lets it go on, until the next one.
  void let_go();

 private:
  /// What the stage serves: outlives this object, as long as the program is watched.
  struct Watch {
    pid_t program;
    Which which;
    bool chosen = false;  ///< the call that it is in
    bool held = false;
    bool serve();
  };
  Stage& stage_;
  std::string call_;
  std::shared_ptr<Watch> watch_;
};

}  // namespace play
