// A gate: a small program of ours that stops at a named FIFO until the check opens it, and only then becomes the
// command that follows its name. A check hands it to the student's program as a command, to stop a testbed in the
// middle of things and look at it: while it stands there it has exactly the descriptors it was given.
#pragma once

#include <string>

#include "play/subject/observed.hpp"

namespace play {

class Gate : public Observed {
 public:
  /// Makes the FIFO `name`, where no program can touch it (room::Room::gates). `gate NAME [COMMAND...]` stops at it.
  Gate(Testbed& testbed, std::string name);

  pid_t known_pid() const override { return pid_; }
  std::string name() const override { return "the gate " + name_; }

  /// Waits until a process stands at the gate.
  Verdict is_reached();
  /// Waits until nothing moves any more: exactly one process stands at the gate.
  Verdict is_reached_once();
  /// Whether one of these processes stands at it. Does not wait.
  bool is_reached_in(const see::Family& family);
  /// Lets it go on. Call it only when the gate was reached. Who stood there and was ended meanwhile is Obstructed.
  void open();
  /// The same, where it may have been ended by right: false when nobody stands there.
  bool open_if_there();

 private:
  std::string path() const;

  std::string name_;
  pid_t pid_ = 0;
};

}  // namespace play
