// Lab 10: two that come at one moment. One is held at a system call (play/hold/before_call.hpp), while the other gets as
// far as it can: so it is decided who is first, and not hoped for.
#pragma once

#include <string>
#include <vector>

#include "answers.hpp"

namespace permits {

// Where one is held at its `number`th call of these, while another one comes and is as far as it gets.
struct Race {
  play::Crowd crowd;
  play::BeforeCall at_call;
  std::vector<Program> both;
  int calls = 0;
  long held_at = -1;

  Race(const Semaphore& permits, const std::string& name, const std::vector<play::WatchedCall>& watched, int number, int n,
       const std::string& option = {});
  bool holds_it() const { return at_call.times_held() > 0; }
  void another_comes(const Semaphore& permits, int n, const Words& more = {});
};

// A --try that meets none: each of its attempts on a set, and each sleep by a clock, asks, and nobody is held.
struct Refused {
  play::BeforeCall at_call;
  int attempts = 0;  // operations that take from semaphore 0 and do not wait
  int naps = 0;
  Program program;

  explicit Refused(const Semaphore& permits);
  /// One attempt; a second one may follow, where the first could have come before the set's first value.
  Verdict was_decided_at_once() const;

 private:
  void count(pid_t pid, long call);
};

}  // namespace permits
