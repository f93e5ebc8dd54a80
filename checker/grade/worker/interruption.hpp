// Ctrl-C, a hang-up, SIGTERM: held back while work is under way, and seen as a value. Whoever owns it decides what an
// interruption means; when it is gone, all is as it was.
#pragma once

#include <csignal>

#include "base/fd.hpp"

namespace grade {

class Interruption {
 public:
  /// Blocks SIGINT, SIGTERM and SIGHUP for the calling process (signalfd(2)).
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  /// Gives the mask back. A signal that came and was asked for by came() is not delivered again.
  ~Interruption();

  /// Readable when one has come: for poll(2).
  int fd() const { return signals_.get(); }
  /// Whether one has come so far. Takes it.
  bool came();

 private:
  sigset_t before_{};
  base::Fd signals_;
  bool came_ = false;
};

}  // namespace grade
