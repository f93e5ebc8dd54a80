// System calls before which the processes of one program are held until the check lets them pass. So the check
// decides which of two racing processes is first, by holding the other, and no clock is needed.
// Works by the questions that each program asks the check (room/walls/questions.hpp), about these calls too. Whoever is held is neither
// motion nor asked for anything; a story names it as held. A signal interrupts the call: hold nobody who is sent one meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "play/testbed/testbed.hpp"
#include "play/testbed/wait.hpp"

namespace play {

/// A call at which to ask; `request` narrows ioctl(2) to one of its requests, kill(2) to one signal; `argument` is where
/// that stands, 2 for tgkill(2). `name` is how a person calls it, "tcsetpgrp()", where the checker does not know it.
struct WatchedCall {
  long call;
  unsigned long request = 0;
  const char* name = nullptr;
  unsigned argument = 1;
};

class BeforeCall {
 public:
  /// Whoever is asked about: a process, as this machine numbers it, and its call.
  using Whom = std::function<bool(pid_t pid, long call)>;

  BeforeCall(Testbed& testbed, std::vector<WatchedCall> watched);
  BeforeCall(const BeforeCall&) = delete;
  BeforeCall& operator=(const BeforeCall&) = delete;
  /// Whoever is held goes on; the testbed goes on letting everyone pass.
  ~BeforeCall();

  /// The order that makes a program, and all below it, ask before these calls. Used for one program.
  room::Order order(room::Order order = {}) const;

  /// From now on holds those calls for which `whom` says so. Before, and after open(), everyone passes.
  void hold(Whom whom);
  /// Waits until `condition` holds or nothing else can move. In the second case everyone passes, from now on. False where
  /// neither came in time: somebody goes on and on, and everyone passes.
  bool hold_until(const std::function<bool()>& condition);
  /// Waits until nothing else can move, then lets everyone pass.
  bool hold_to_the_last() {
    return hold_until([] { return false; });
  }
  /// The same two where somebody whom only a clock wakes is as good as at rest (wait_until_rest).
  bool hold_until_rest_or(const std::function<bool()>& condition);
  bool hold_until_rest() {
    return hold_until_rest_or([] { return false; });
  }
  void open();

  /// How many calls it has held so far.
  int times_held() const { return state_->held; }

 private:
  bool opened_after(const Waited& waited);

  struct State {
    Whom whom;
    struct Waiting {
      std::shared_ptr<room::Questions> from;
      room::Question question;
    };
    std::vector<Waiting> waiting;  ///< not answered yet
    int held = 0;
    Testbed* testbed = nullptr;
    std::vector<WatchedCall> watched;
    bool holds(const std::shared_ptr<room::Questions>& from, const room::Question& question);
    bool watches(const see::Call& call) const;
    std::string call_of(long number) const;
  };
  Testbed& testbed_;
  std::shared_ptr<State> state_;  // the testbed goes on asking it
};

}  // namespace play
