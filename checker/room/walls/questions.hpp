// Questions of the kernel: before chosen system calls it asks the check, and holds whoever makes one until the check has
// answered (seccomp_unotify(2)). For one program and all that it starts, and for good.
// Knows nothing of what a call means. A program has one listener, whatever it is asked about: the kernel allows no second.
// A signal that comes before the check has taken a question interrupts the call, which no kernel does by itself: with
// SA_RESTART it begins again and asks again, without it fails with EINTR. So questions are taken soon.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"
#include "see/proc.hpp"

namespace room {

/// A call to ask about; with an argument, only where its lower 32 bits are this: all of an int.
struct AskedCall {
  struct Argument {
    unsigned index;
    std::uint32_t is;
  };
  long call;
  std::optional<Argument> argument = std::nullopt;
};

struct Question {
  std::uint64_t id;
  pid_t tid;  ///< who is about to make it, and waits
  see::Call call;
};

/// Where the questions of one program come to the check.
class Questions {
 public:
  explicit Questions(base::Fd listener) : listener_(std::move(listener)) {}

  /// The next one; nothing where there is none now. Never waits.
  std::optional<Question> next();
  /// Its call is made now. False when it was interrupted meanwhile, or whoever makes it has gone.
  bool pass(const Question& question) const;
  /// Readable when one comes; -1 once nobody is left who could ask.
  int fd() const { return listener_.get(); }

 private:
  base::Fd listener_;
};

/// Whether whoever asks is to be held longer: then the caller of this passes it later, through `from`.
using Holds = std::function<bool(const std::shared_ptr<Questions>& from, const Question& question)>;

/// In the process that is to be a program, after PR_SET_NO_NEW_PRIVS: from now on it asks. The listener, for whoever is to
/// answer; empty where this machine refuses it, or the process asks somebody else already.
base::Fd ask_before(const std::vector<AskedCall>& calls);

}  // namespace room
