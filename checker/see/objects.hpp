// IPC objects that the kernel keeps: queues, semaphores, segments, and their counters.
// Looks with calls that change nothing (mq_overview(7), sysvipc(7), shm_overview(7), sem_overview(7)).
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "see/family.hpp"
#include "see/proc.hpp"

namespace see {

struct IpcObject {
  enum class Kind { message_queue, named_semaphore, shared_memory, sysv_queue, sysv_semaphores, sysv_segment };
  Kind kind;
  std::string name;  ///< "/ring" for POSIX objects, "key 0x2a" for System V
  int id = -1;       ///< System V identifier
  bool operator==(const IpcObject&) const = default;
};

/// "message queue /jobs", "System V semaphore set 3 (key 0x2a)".
std::string describe(const IpcObject& object);

/// All objects visible to the caller: its IPC namespace, and the two folders where POSIX objects live.
std::vector<IpcObject> ipc_objects(const std::string& shm_folder, const std::string& mqueue_folder);

/// The processes that the kernel names with a System V object: who made a segment, who sent to or took from a queue last, who
/// changed a semaphore of a set last. Empty for POSIX objects, with which it names nobody.
std::vector<pid_t> named_with(const IpcObject& object);

/// What a System V queue holds; nothing when there is none, or no leave to read it.
struct QueueCounters {
  unsigned long messages, bytes, room;
};
std::optional<QueueCounters> sysv_queue(int id);

/// The System V queue of this key as /proc/sysvipc/msg has it, which asks nobody's leave; nothing when there is none.
struct QueueRow {
  int id;
  mode_t mode;
  unsigned long messages, bytes;
};
std::optional<QueueRow> sysv_queue_of(key_t key);

/// One semaphore of a System V set.
struct SemaphoreCounters {
  int value, waiting, waiting_for_zero;
  pid_t last;  ///< as the caller's pid namespace numbers it
};
std::optional<SemaphoreCounters> sysv_semaphore(int id, int index);

/// Bytes in the System V segments that this family has made: no limit of a process counts them. `before` are the
/// objects that were there already; where the namespace is shared with others, what one of them has made is not counted.
std::uint64_t sysv_segments_bytes(const std::vector<IpcObject>& before, const Family& family);

/// "the semaphore /permits (value 0)", "a word of shared memory /ring": what is mapped at a futex's address.
std::string mapped_at(pid_t pid, std::uint64_t address);

/// The process that holds the lock another waits for (/proc/locks); 0 when none is named.
pid_t lock_holder(ino_t inode);

}  // namespace see
