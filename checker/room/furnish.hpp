// The small root that programs of a namespace room see: the system's own folders read-only, devices, a terminal
// file system, private /tmp, /dev/shm and message queues. No home, no course, no tests (mount_namespaces(7)).
#pragma once

#include <string>
#include <vector>

namespace room {

/// A program copied into the room, found there by its name.
struct Installed {
  std::string name;
  std::string bytes;
};

/// Writes programs into `folder`, executable.
void install(const std::vector<Installed>& programs, const std::string& folder);

/// Builds the root at `root`, an empty folder in a mount namespace of the caller's own. Throws with the step that
/// was refused. /proc is left empty: only a process inside the pid namespace can mount it.
void furnish(const std::string& root, const std::vector<Installed>& programs);

/// An empty file system at `here`, seen at `there` too, in the furnished root, but read-only.
void lend(const std::string& here, const std::string& there);

}  // namespace room
