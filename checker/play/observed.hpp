// A process of the room as the kernel shows it: verdicts on what it is blocked in, has open, catches, blocks, ignores.
// Works for programs the check started and for any process below them.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "play/verdict.hpp"
#include "play/wait.hpp"

namespace play {

class Observed {
 public:
  virtual ~Observed() = default;
  /// As this machine numbers it; 0 when it has not been met yet.
  virtual pid_t pid() const = 0;
  /// "pipeline", "the gate a".
  virtual std::string name() const = 0;

  /// Waits until it sleeps in this call ("read", "mq_send"), on this descriptor when one is given.
  Verdict blocks_in(const std::string& call, int fd = -1) const;
  /// Exactly these descriptors are open, no more and no fewer.
  Verdict keeps_open(const std::vector<int>& fds) const;
  /// Waits until its SigCgt, SigBlk or SigIgn holds the signal.
  Verdict catches(int signal) const;
  Verdict blocks(int signal) const;
  Verdict ignores(int signal) const;
  /// Waits until it is stopped (state T).
  Verdict is_stopped() const;
  /// Waits until its process group is the terminal's foreground group.
  Verdict is_in_foreground() const;

 protected:
  explicit Observed(Stage& stage) : stage_(&stage) {}
  /// Waits for `condition`; where it does not come true, says what came instead, with the story of everyone.
  Verdict comes_true(const std::string& expected, const std::function<bool()>& condition) const;
  /// The sentence and story for a wait that was not satisfied.
  Evidence unmet(const std::string& expected, const Waited& waited) const;
  Verdict in_set(const char* verb, int signal, std::uint64_t see::Status::*set) const;

  Stage* stage_;
};

}  // namespace play
