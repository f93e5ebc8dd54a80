#include "room/belongings.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <mqueue.h>
#include <random>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "room/aftermath.hpp"
#include "see/calls.hpp"
#include "see/family.hpp"
#include "see/mappings.hpp"

namespace room {
namespace {

// A key is the check's pid, at most 22 bits of it (PID_MAX_LIMIT), and these: where they begin is left to chance.
constexpr unsigned bits = 10;

unsigned next_number() {
  static unsigned next = std::random_device{}();
  return next++ % (1U << bits);
}

std::string name_of(pid_t check, unsigned number) { return fmt::format("/ipclab-{}-{}", check, number); }

bool shows_queues(const std::string& folder) {
  constexpr long mqueue_magic = 0x19800202;  // ipc/mqueue.c
  struct statfs info {};
  return statfs(folder.c_str(), &info) == 0 && info.f_type == mqueue_magic;
}

/// Whose mark it bears; 0 where it has none.
pid_t marked(const see::IpcObject& object) {
  int pid = 0;
  unsigned key = 0;
  if (std::sscanf(object.name.c_str(), "/ipclab-%d-", &pid) == 1) return pid;
  if (std::sscanf(object.name.c_str(), "key %x", &key) == 1) return static_cast<pid_t>(key >> bits);
  return 0;
}

// The kernel names nobody with one that was only waited on: who waits does.
bool is_slept_on(const see::IpcObject& object) {
  const std::set<long> calls = object.kind == see::IpcObject::Kind::sysv_queue ? std::set<long>{SYS_msgrcv, SYS_msgsnd}
                                                                               : std::set<long>{SYS_semop, SYS_semtimedop};
  for (const see::Process& p : see::family_of(getpid()))
    for (const see::Call& call : see::sleeping_calls(p.pid()))
      if (calls.count(call.number) != 0 && static_cast<int>(call.args[0]) == object.id) return true;
  return false;
}

}  // namespace

std::string free_name() {
  for (;;) {
    const std::string name = name_of(getpid(), next_number());
    const base::Fd queue(mq_open(name.c_str(), O_RDONLY));  // a number like any other (mq_overview(7))
    if (!queue && access(("/dev/shm" + name).c_str(), F_OK) < 0 &&
        access(("/dev/shm/sem." + name.substr(1)).c_str(), F_OK) < 0)
      return name;
  }
}

key_t free_key() {
  for (;;) {
    const auto key = static_cast<key_t>(static_cast<unsigned>(getpid()) << bits | next_number());
    const auto is_free = [](int id) { return id < 0 && errno == ENOENT; };
    if (is_free(semget(key, 0, 0)) && is_free(msgget(key, 0)) && is_free(shmget(key, 0, 0))) return key;
  }
}

bool belongs_to(const see::IpcObject& object, pid_t check) { return marked(object) == check; }

bool is_of_check(const see::IpcObject& object, const std::set<pid_t>& ours) {
  if (belongs_to(object, getpid())) return true;
  for (const pid_t pid : see::named_with(object))
    if (ours.count(pid) != 0) return true;
  using Kind = see::IpcObject::Kind;
  if (object.kind == Kind::sysv_queue || object.kind == Kind::sysv_semaphores) return is_slept_on(object);
  if (object.kind != Kind::named_semaphore && object.kind != Kind::shared_memory) return false;
  const std::string file =
      (object.kind == Kind::named_semaphore ? "/dev/shm/sem." : "/dev/shm/") + object.name.substr(1);
  struct stat info {};
  if (stat(file.c_str(), &info) < 0) return false;
  for (const see::Process& p : see::family_of(getpid()))
    for (const see::Mapping& m : see::mappings_of(p.pid()))
      if (m.is_of(info.st_dev, info.st_ino)) return true;
  return false;
}

std::vector<see::IpcObject> objects_in_reach(const std::string& shm_folder, const std::string& mqueue_folder, pid_t check) {
  std::vector<see::IpcObject> found = see::ipc_objects(shm_folder, mqueue_folder);
  if (shows_queues(mqueue_folder)) return found;
  for (unsigned number = 0; number < 1U << bits; ++number) {
    const std::string name = name_of(check, number);
    if (base::Fd(mq_open(name.c_str(), O_RDONLY)) || errno != ENOENT)
      found.push_back({see::IpcObject::Kind::message_queue, name, -1});
  }
  return found;
}

void remove_left_by(pid_t check) {
  std::vector<see::IpcObject> left;
  for (const see::IpcObject& object : objects_in_reach("/dev/shm", "/dev/mqueue", check))
    if (belongs_to(object, check)) left.push_back(object);
  remove(left);
}

}  // namespace room
