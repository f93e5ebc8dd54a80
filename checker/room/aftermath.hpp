// What programs left behind when they had ended: processes, zombies, IPC objects. Read before the room dies.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "room/room.hpp"
#include "see/family.hpp"
#include "see/objects.hpp"

namespace room {

struct Aftermath {
  std::vector<see::Process> survivors;  ///< still alive
  std::vector<see::Process> zombies;    ///< ended, and their parent ended without waiting for them
  std::vector<see::IpcObject> objects;
  bool clean() const { return survivors.empty() && zombies.empty() && objects.empty(); }
};

/// `programs` are the check's own children, which are not left behind by anybody. `before` are the objects that were
/// there when the room was entered. `met` are the processes of the room that were ever seen: where the machine's objects are shared
/// with others, only what is known to be theirs counts.
Aftermath aftermath(const Room& room, const std::vector<pid_t>& programs, const std::vector<see::IpcObject>& before,
                    const std::set<pid_t>& met);

/// Removes objects by name or id. A queue's bytes are charged to the user until they are really gone, and a namespace
/// gives them back late (mq_overview(7)): so each room removes its own before it dies.
void remove(const std::vector<see::IpcObject>& objects);

}  // namespace room
