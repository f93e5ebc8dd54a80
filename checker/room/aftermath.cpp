#include "room/aftermath.hpp"

#include <algorithm>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "room/belongings.hpp"

namespace room {

Aftermath aftermath(const Room& room, const std::vector<pid_t>& programs, const std::vector<see::IpcObject>& before,
                    const std::set<pid_t>& met) {
  Aftermath left;
  const auto contains = [](const auto& list, const auto& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  for (see::Process& p : see::family_of(getpid(), {room.keeper()})) {
    if (contains(programs, p.pid())) continue;
    (p.ended() ? left.zombies : left.survivors).push_back(std::move(p));
  }
  const bool shared = room.rung() == Rung::subreaper;  // the machine's own objects, and other checks beside this one
  for (const see::IpcObject& object : objects_in_reach(room.shm_folder(), room.mqueue_folder(), getpid()))
    if (!contains(before, object) && (!shared || is_of_check(object, met)))
      left.objects.push_back(object);
  return left;
}

void remove(const std::vector<see::IpcObject>& objects) {
  using Kind = see::IpcObject::Kind;
  for (const see::IpcObject& object : objects) switch (object.kind) {
      case Kind::message_queue: mq_unlink(object.name.c_str()); break;
      case Kind::named_semaphore: sem_unlink(object.name.c_str()); break;
      case Kind::shared_memory: shm_unlink(object.name.c_str()); break;
      case Kind::sysv_queue: msgctl(object.id, IPC_RMID, nullptr); break;
      case Kind::sysv_semaphores: semctl(object.id, 0, IPC_RMID); break;
      case Kind::sysv_segment: shmctl(object.id, IPC_RMID, nullptr); break;
    }
}

}  // namespace room
