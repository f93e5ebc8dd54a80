// Names and keys for IPC objects that tell which check they belong to. Where rooms share the machine's objects (rung
// 4), a check must neither meet nor remove what belongs to another, and what a killed check has left is found by its
// mark. An object that bears no mark is nobody's business here.
#pragma once

#include <set>
#include <string>
#include <sys/types.h>
#include <vector>

#include "see/objects.hpp"

namespace room {

/// For the calling check: a name, with its slash, that no POSIX object has; a key that no System V object has.
std::string free_name();
key_t free_key();

/// Whether the object's name or key was given out by the check that is, or was, this process.
bool belongs_to(const see::IpcObject& object, pid_t check);

/// Whether an object on a machine that others use too is known to be of the calling check: it bears the check's mark, the kernel
/// names one of `ours` with it, or one that lives has it mapped or sleeps on it. Whatever else was made meanwhile is somebody else's, as far as
/// anybody can tell: nobody is accused of it, and nobody removes it.
bool is_of_check(const see::IpcObject& object, const std::set<pid_t>& ours);

/// All that is in reach, as see::ipc_objects has it. Where no file system shows the queues (mq_overview(7): whoever administers the
/// machine mounts it, and many a container has none), those that bear the mark of `check` are asked for by each of its names.
std::vector<see::IpcObject> objects_in_reach(const std::string& shm_folder, const std::string& mqueue_folder, pid_t check);

/// Removes what belongs to a check that has ended, and did not come to it itself.
void remove_left_by(pid_t check);

}  // namespace room
