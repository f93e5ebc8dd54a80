#include "see/objects.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "see/mappings.hpp"

namespace see {
namespace {

namespace fs = std::filesystem;

void list_folder(const std::string& folder, std::vector<IpcObject>& found, bool queues) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename();
    if (queues) found.push_back({IpcObject::Kind::message_queue, "/" + name, -1});
    else if (name.starts_with("sem.")) found.push_back({IpcObject::Kind::named_semaphore, "/" + name.substr(4), -1});
    else found.push_back({IpcObject::Kind::shared_memory, "/" + name, -1});
  }
}

// The rows of a file in /proc/sysvipc, without its heading.
std::vector<std::string> sysv_rows(const char* file) {
  std::vector<std::string> rows;
  try {
    rows = base::split(base::read_file(file), '\n');
  } catch (const std::system_error&) {
    return {};  // a kernel without System V objects has none
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

void list_sysv(const char* file, IpcObject::Kind kind, std::vector<IpcObject>& found) {
  for (const std::string& row : sysv_rows(file)) {
    std::istringstream columns(row);
    long key = 0;
    int id = 0;
    if (columns >> key >> id) found.push_back({kind, fmt::format("key {:#x}", static_cast<unsigned>(key)), id});
  }
}

// The maker of a named semaphore maps it under a name that it has unlinked since (sem_open(3) of glibc): so the object is
// found by its inode.
std::string shm_name(const std::string& mapped, ino_t inode) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/dev/shm", none)) {
    struct stat info {};
    if (stat(entry.path().c_str(), &info) == 0 && info.st_ino == inode) return "/" + entry.path().filename().string();
  }
  return mapped.substr(mapped.find("/dev/shm/") + 8);
}

std::uint32_t word_at(pid_t pid, std::uint64_t address, std::uint32_t otherwise) {
  const std::string bytes = memory_of(pid, address, sizeof(std::uint32_t));
  if (bytes.size() == sizeof otherwise) std::memcpy(&otherwise, bytes.data(), sizeof otherwise);
  return otherwise;
}

}  // namespace

std::string describe(const IpcObject& object) {
  switch (object.kind) {
    case IpcObject::Kind::message_queue: return "message queue " + object.name;
    case IpcObject::Kind::named_semaphore: return "named semaphore " + object.name;
    case IpcObject::Kind::shared_memory: return "shared memory object " + object.name;
    case IpcObject::Kind::sysv_queue: return fmt::format("System V message queue {} ({})", object.id, object.name);
    case IpcObject::Kind::sysv_semaphores: return fmt::format("System V semaphore set {} ({})", object.id, object.name);
    case IpcObject::Kind::sysv_segment:
      return fmt::format("System V shared memory segment {} ({})", object.id, object.name);
  }
  return object.name;
}

std::vector<IpcObject> ipc_objects(const std::string& shm_folder, const std::string& mqueue_folder) {
  std::vector<IpcObject> found;
  list_folder(mqueue_folder, found, true);
  list_folder(shm_folder, found, false);
  list_sysv("/proc/sysvipc/msg", IpcObject::Kind::sysv_queue, found);
  list_sysv("/proc/sysvipc/sem", IpcObject::Kind::sysv_semaphores, found);
  list_sysv("/proc/sysvipc/shm", IpcObject::Kind::sysv_segment, found);
  return found;
}

std::optional<QueueCounters> sysv_queue(int id) {
  msqid_ds info{};
  if (msgctl(id, IPC_STAT, &info) < 0) return std::nullopt;
  return QueueCounters{info.msg_qnum, info.__msg_cbytes, info.msg_qbytes};
}

std::optional<QueueRow> sysv_queue_of(key_t key) {
  for (const std::string& row : sysv_rows("/proc/sysvipc/msg")) {
    int is = 0;
    QueueRow found{};
    if (std::sscanf(row.c_str(), "%d %d %o %lu %lu", &is, &found.id, &found.mode, &found.bytes, &found.messages) == 5 && is == key)
      return found;
  }
  return std::nullopt;
}

std::optional<SemaphoreCounters> sysv_semaphore(int id, int index) {
  const int value = semctl(id, index, GETVAL);
  if (value < 0) return std::nullopt;
  return SemaphoreCounters{value, semctl(id, index, GETNCNT), semctl(id, index, GETZCNT), semctl(id, index, GETPID)};
}

std::vector<pid_t> named_with(const IpcObject& object) {
  using Kind = IpcObject::Kind;
  if (object.kind == Kind::sysv_segment) {
    shmid_ds info{};
    if (shmctl(object.id, IPC_STAT, &info) == 0) return {info.shm_cpid};
  } else if (object.kind == Kind::sysv_queue) {
    msqid_ds info{};
    if (msgctl(object.id, IPC_STAT, &info) == 0) return {info.msg_lspid, info.msg_lrpid};
  } else if (object.kind == Kind::sysv_semaphores) {
    semid_ds info{};
    union { int value; semid_ds* buffer; } argument{.value = 0};
    argument.buffer = &info;
    if (semctl(object.id, 0, IPC_STAT, argument) != 0) return {};
    std::vector<pid_t> pids;
    for (int i = 0; i < static_cast<int>(info.sem_nsems); ++i) pids.push_back(semctl(object.id, i, GETPID));
    return pids;
  }
  return {};
}

std::uint64_t sysv_segments_bytes(const std::vector<IpcObject>& before, const Family& family) {
  const auto was_there = [&](int id) {
    return std::any_of(before.begin(), before.end(), [&](const IpcObject& object) {
      return object.kind == IpcObject::Kind::sysv_segment && object.id == id;
    });
  };
  std::uint64_t all = 0;
  for (const std::string& row : sysv_rows("/proc/sysvipc/shm")) {
    int id = 0, maker = 0;
    unsigned long resident = 0;
    if (std::sscanf(row.c_str(), "%*d %d %*o %*u %d %*d %*u %*u %*u %*u %*u %*u %*u %*u %lu", &id, &maker, &resident) != 3)
      continue;
    // Whoever has ended may have been of the family.
    if (!was_there(id) && (find(family, maker) != nullptr || !stat_of(maker))) all += resident;
  }
  return all;
}

std::string mapped_at(pid_t pid, std::uint64_t address) {
  const auto mapping = mapping_at(pid, address);
  if (!mapping) return "a word of memory";
  if (mapping->path.find("/dev/shm/") == std::string::npos)
    return mapping->shared ? "a word of memory it shares" : "a word of its own memory";
  const std::string object = shm_name(mapping->path, mapping->inode);
  if (object.starts_with("/sem."))
    return fmt::format("the semaphore /{} (value {})", object.substr(5), word_at(pid, address & ~std::uint64_t{7}, 0));
  return fmt::format("a word of the {} object {}",
                     mapping->shared ? "shared memory" : "private copy of the shared memory", object);
}

pid_t lock_holder(ino_t inode) {
  std::istringstream locks(base::read_file("/proc/locks"));
  const std::string wanted = fmt::format(":{} ", inode);
  for (std::string row; std::getline(locks, row);) {
    if (row.find(wanted) == std::string::npos || row.find("->") != std::string::npos) continue;
    int pid = 0;
    if (std::sscanf(row.c_str(), "%*s %*s %*s %*s %d", &pid) == 1 && pid > 0) return pid;
  }
  return 0;
}

}  // namespace see
