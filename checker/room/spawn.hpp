// Starts one program in a room: fresh session, clean signals and environment, exactly the descriptors ordered.
// Knows nothing of what the program is told or expected to do.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "room/walls/limits.hpp"
#include "room/walls/questions.hpp"

namespace room {

class Room;

struct Order {
  std::string path;                              ///< as the room sees it
  std::vector<std::string> argv;                 ///< argv[0] too
  std::vector<std::pair<int, int>> descriptors;  ///< {ours, theirs}; a number that is not named stays closed
  bool terminal = false;                         ///< descriptor 0 becomes its controlling terminal
  Limits limits;
  /// Run in the child just before exec, when all is in place: what a program is made to inherit (an ignored or blocked
  /// signal, a descriptor more or fewer, a filter, a process group). May throw.
  std::function<void()> prepare;
  std::vector<std::string> environment;  ///< added to the room's own "NAME=value" lines
  std::vector<AskedCall> asks;           ///< calls before which it, and all that it starts, asks the check
  Holds holds;                           ///< who of those is held longer; for whoever answers, not for spawn
};

/// A child of the caller, not yet collected. The pidfd is readable once it has ended (pidfd_open(2)).
struct Child {
  pid_t pid = 0;
  base::Fd pidfd;
  std::shared_ptr<Questions> questions;  ///< none where it asks nothing, or this machine refuses it
};

/// Throws std::system_error when the program cannot be executed, with the errno of the child.
Child spawn(const Room& room, const Order& order);

}  // namespace room
