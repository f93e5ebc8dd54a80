// A counting semaphore that programs share: how many permits are free, and who sleeps on it, read from the kernel alone. Two
// kinds that answer the same questions. No verdict changes a semaphore. Does not know what the permits are for.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "base/fd.hpp"
#include "play/object/kernel_object.hpp"

namespace play {

class Semaphore : public KernelObject {
 public:
  /// What the check does itself, as one more user, to see what a program does then: takes all permits that are free,
  /// gives one. No more than asked for where there is no such semaphore, or no leave to change it.
  virtual void take_all() const = 0;
  virtual void give_one() const = 0;

 protected:
  using KernelObject::KernelObject;
  const char* one_in_it() const override { return "free permit"; }
  const char* kind() const override { return "semaphore"; }
};

/// Whether its main thread sleeps where a permit could let it go on, or by a clock.
bool waits_for_a_permit_or_a_clock(const Observed& who);
/// Seconds that are left to a sleep on a System V semaphore; nothing where the call has no limit of its own.
std::optional<double> time_left(const Observed& waiter);
/// Whether the operation that a process held before semop(2) is about to make takes from semaphore 0 and does not wait.
bool takes_without_waiting(pid_t pid, long call);

/// A named POSIX semaphore (sem_overview(7)): the file /dev/shm/sem.NAME, whose first word is the count.
class NamedSemaphore : public Semaphore {
 public:
  explicit NamedSemaphore(Testbed& testbed);
  std::optional<int> count() const override;
  std::optional<mode_t> mode() const override;
  bool has_waiter(pid_t pid) const override;
  std::string what() const override { return "the semaphore " + name_; }

  /// From now on it is this very one that is looked at, also when the name has gone or means another one.
  void keep_open();
  /// The one that is held on to still has its name.
  Verdict has_its_name() const;
  /// A semaphore that this process still has mapped while no name leads to it any more: as maps calls it; empty where
  /// there is none.
  std::string nameless_in(pid_t pid) const;

  void take_all() const override;
  void give_one() const override;

 private:
  std::string file_;  ///< its name in /dev/shm
  base::Fd held_;
};

/// A System V semaphore set (sysvipc(7)), by its key. Its semaphore 0 is the one that is asked.
class SemaphoreSet : public Semaphore {
 public:
  explicit SemaphoreSet(Testbed& testbed);
  std::optional<int> count() const override;
  std::optional<mode_t> mode() const override;
  bool has_waiter(pid_t pid) const override;
  std::string what() const override { return "the System V semaphore set " + name_; }

  /// What semaphore `index` of the set counts now; nothing where there is none.
  std::optional<int> count_of(int index) const;
  /// Waits until exactly so many processes wait for semaphore 0 to grow (GETNCNT).
  Verdict has_waiting(int wanted) const;
  /// How many do; -1 where there is no such set.
  int waiting() const;

  void take_all() const override;
  void give_one() const override;

 protected:
  std::optional<see::IpcObject::Kind> sysv_kind() const override { return see::IpcObject::Kind::sysv_semaphores; }

 private:
  SemaphoreSet(Testbed& testbed, key_t key);
  int id() const;
  key_t key_;
};

}  // namespace play
