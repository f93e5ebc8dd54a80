// One thread that sleeps: in which call, on which objects, in words and in keys.
// Knows neither the others of its family nor who is to blame.
#pragma once

#include <string>
#include <vector>

#include "see/calls.hpp"
#include "see/family.hpp"
#include "see/open_ends.hpp"

namespace see {

/// A pipe or FIFO that a thread waits to read from or write to.
struct BlockedOn {
  ObjectKey object;
  End end;
  bool is_pipe;  ///< an anonymous pipe, which has no name of its own
};

struct Blocked {
  const Process* process = nullptr;
  pid_t tid = 0;
  On kind = On::unknown;
  std::string text;           ///< "blocked in read(0)", "waits for its child 73", "runs"
  std::vector<BlockedOn> on;  ///< empty unless it waits for pipes
  bool on_others = false;     ///< `on` is not all: a socket or a timer too, or what cannot be read
  InnerPid child;             ///< the one it waits for; -1 for any child
};

Blocked blocked(const Process& process, const Thread& thread);

}  // namespace see
