// Names and keys for IPC objects that tell which check they belong to. Where rooms share the machine's objects (rung
// 4), a check must neither meet nor remove what belongs to another, and what a killed check has left is found by its
// mark. An object that bears no mark is nobody's business here.
#pragma once

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

/// The same for any other check that still runs.
bool belongs_to_another(const see::IpcObject& object);

/// Whether a process that is none of ours has this POSIX semaphore or memory mapped: under a name that glibc uses until
/// a new semaphore gets its own (sem_open(3)), it bears no mark.
bool is_mapped_by_others(const see::IpcObject& object);

/// Removes what belongs to a check that has ended, and did not come to it itself.
void remove_left_by(pid_t check);

}  // namespace room
