#include "play/object/semaphores.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "play/testbed/names.hpp"
#include "play/verdict/obstructed.hpp"
#include "room/belongings.hpp"
#include "room/reach.hpp"
#include "see/calls.hpp"
#include "see/mappings.hpp"

namespace play {
namespace {

base::Fd opened(const std::string& name, int flags = O_RDONLY) {
  try {
    return room::Reach("/dev/shm").open(name, flags);
  } catch (const room::Planted& e) {
    throw Obstructed("/dev/shm/" + name + " is a semaphore", e.what());
  }
}

// The semaphore of that file, as sem_open(3) would find it.
void on_mapped(const std::string& name, const std::function<void(sem_t*)>& act) {
  const base::Fd file = opened(name, O_RDWR);
  struct stat info {};
  if (!file || fstat(file.get(), &info) < 0 || info.st_size < static_cast<off_t>(sizeof(sem_t))) return;
  void* const place = mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (place == MAP_FAILED) return;
  act(static_cast<sem_t*>(place));
  munmap(place, sizeof(sem_t));
}

}  // namespace

bool waits_for_a_permit_or_a_clock(const Observed& who) {
  const see::Call call = see::call_of(who.pid(), who.pid());
  if (!who.is_asleep() || call.known != see::Call::Known::yes) return false;
  const see::CallFacts* facts = see::facts_of(call.number);
  return facts && (facts->on == see::On::semaphores || facts->on == see::On::futex || see::has_timeout(call));
}

std::optional<double> time_left(const Observed& waiter) {
  const see::Call call = see::call_of(waiter.pid(), waiter.pid());
  timespec left{};
  if (call.number != SYS_semtimedop || call.args[3] == 0) return {};
  const std::string bytes = see::memory_of(waiter.pid(), call.args[3], sizeof left);
  if (bytes.size() != sizeof left) return {};
  std::memcpy(&left, bytes.data(), sizeof left);
  return static_cast<double>(left.tv_sec) + static_cast<double>(left.tv_nsec) / 1e9;
}

bool takes_without_waiting(pid_t pid, long number) {
  const see::Call call = see::call_of(pid, pid);
  if (call.known != see::Call::Known::yes || call.number != number || call.args[2] > 16) return false;
  std::vector<sembuf> steps(call.args[2]);
  const std::string bytes = see::memory_of(pid, call.args[1], steps.size() * sizeof(sembuf));
  if (bytes.size() != steps.size() * sizeof(sembuf)) return false;
  std::memcpy(steps.data(), bytes.data(), bytes.size());
  return std::any_of(steps.begin(), steps.end(), [](const sembuf& s) {
    return s.sem_num == 0 && s.sem_op < 0 && (s.sem_flg & IPC_NOWAIT) != 0;
  });
}

NamedSemaphore::NamedSemaphore(Testbed& testbed)
    : Semaphore(testbed, next_name_for(testbed, "/permits")), file_("sem." + name_.substr(1)) {}

std::optional<int> NamedSemaphore::count() const {
  const base::Fd file = held_ ? base::Fd(fcntl(held_.get(), F_DUPFD_CLOEXEC, 3)) : opened(file_);
  std::uint32_t value = 0;
  if (!file || pread(file.get(), &value, sizeof value, 0) != sizeof value) return std::nullopt;
  return static_cast<int>(value);
}

std::optional<mode_t> NamedSemaphore::mode() const {
  const auto info = room::Reach("/dev/shm").look(file_);
  return info ? std::optional(info->st_mode & 07777) : std::nullopt;
}

bool NamedSemaphore::has_waiter(pid_t pid) const {
  struct stat info {};
  if (held_ && fstat(held_.get(), &info) < 0) return false;
  if (!held_) {
    const auto named = room::Reach("/dev/shm").look(file_);
    if (!named) return false;
    info = *named;
  }
  for (const see::Call& call : see::sleeping_calls(pid))
    if (call.number == SYS_futex)
      if (const auto mapping = see::mapping_at(pid, call.args[0]); mapping && mapping->is_of(info.st_dev, info.st_ino))
        return true;
  return false;
}

void NamedSemaphore::keep_open() {
  held_ = opened(file_);
  if (!held_) throw Obstructed(what() + " is there", "there is no such semaphore");
}

Verdict NamedSemaphore::has_its_name() const {
  struct stat held {};
  base::must(fstat(held_.get(), &held), "fstat");
  const auto there = room::Reach("/dev/shm").look(file_);
  if (there && held.st_ino == there->st_ino && held.st_dev == there->st_dev) return Verdict::yes();
  return Verdict::no(fmt::format("{} is still the one that the first one made", what()), there ? "it is another one" : "the name has gone");
}

std::string NamedSemaphore::nameless_in(pid_t pid) const {
  const auto named = room::Reach("/dev/shm").look(file_);
  for (const see::Mapping& m : see::mappings_of(pid))
    if (const size_t at = m.path.find("/dev/shm/sem."); m.shared && at != std::string::npos && m.path.ends_with(" (deleted)"))
      if (!named || !m.is_of(named->st_dev, named->st_ino)) return m.path.substr(at);  // glibc gives it its name by link(2)
  return {};
}

void NamedSemaphore::take_all() const {
  on_mapped(file_, [](sem_t* s) {
    while (sem_trywait(s) == 0) {}
  });
}

void NamedSemaphore::give_one() const {
  on_mapped(file_, [](sem_t* s) { sem_post(s); });
}

SemaphoreSet::SemaphoreSet(Testbed& testbed) : SemaphoreSet(testbed, room::free_key()) {}

SemaphoreSet::SemaphoreSet(Testbed& testbed, key_t key)
    : Semaphore(testbed, fmt::format("{:#x}", static_cast<unsigned>(key))), key_(key) {}

int SemaphoreSet::id() const { return semget(key_, 0, 0); }

std::optional<int> SemaphoreSet::count() const {
  const auto counters = see::sysv_semaphore(id(), 0);
  return counters ? std::optional(counters->value) : std::nullopt;
}

std::optional<int> SemaphoreSet::count_of(int index) const {
  const auto counters = see::sysv_semaphore(id(), index);
  return counters ? std::optional(counters->value) : std::nullopt;
}

std::optional<mode_t> SemaphoreSet::mode() const {
  semid_ds info{};
  union {
    semid_ds* buffer;
  } argument{&info};
  if (semctl(id(), 0, IPC_STAT, argument) < 0) return std::nullopt;
  return info.sem_perm.mode & 0777;
}

bool SemaphoreSet::has_waiter(pid_t pid) const {
  const int set = id();
  for (const see::Call& call : see::sleeping_calls(pid)) {
    const see::CallFacts* facts = see::facts_of(call.number);
    if (set >= 0 && facts && facts->on == see::On::semaphores && static_cast<int>(call.args[0]) == set) return true;
  }
  return false;
}

int SemaphoreSet::waiting() const {
  const auto counters = see::sysv_semaphore(id(), 0);
  return counters ? counters->waiting : -1;
}

Verdict SemaphoreSet::has_waiting(int wanted) const {
  return comes_true(
      fmt::format("{} wait for semaphore 0 of {}", wanted, what()),
      [&] { return waiting() < 0 ? there_is_none() : fmt::format("{} do", waiting()); },
      [&] { return waiting() == wanted; });
}

void SemaphoreSet::take_all() const {
  sembuf one{0, -1, IPC_NOWAIT};
  while (semop(id(), &one, 1) == 0) {}
}

void SemaphoreSet::give_one() const {
  sembuf one{0, 1, IPC_NOWAIT};
  semop(id(), &one, 1);
}

}  // namespace play
