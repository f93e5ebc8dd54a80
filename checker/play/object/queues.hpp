// A message queue that programs share: what is in it, who sleeps on it. Two kinds that answer the same questions
// (mq_overview(7), sysvipc(7)). A check puts messages in and takes them out as one more user, and never waits there.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"
#include "play/object/kernel_object.hpp"

namespace play {

/// `tag` is what the kernel keeps beside the bytes: a POSIX message's priority, a System V message's type.
struct Message {
  std::string bytes;
  long tag;
  bool operator==(const Message&) const = default;
};

class Queue : public KernelObject {
 public:
  /// Puts one in; false where it has no room now. Throws Obstructed where there is no such queue, or no leave.
  virtual bool put(const Message& message) const = 0;
  /// Takes the next one; nothing where it is empty, or there is no such queue.
  virtual std::optional<Message> take() const = 0;
  /// Takes out everything that is in it: it was exactly this, in this order. Does not wait.
  Verdict held(const std::vector<Message>& messages) const;

 protected:
  using KernelObject::KernelObject;
  const char* one_in_it() const override { return "message"; }
  const char* kind() const override { return "queue"; }
  virtual const char* tag() const = 0;
};

/// A POSIX message queue, by its name. Who has it open may use it when the name has gone.
class PosixQueue : public Queue {
 public:
  explicit PosixQueue(Testbed& testbed);
  std::optional<int> count() const override;
  std::optional<mode_t> mode() const override;
  bool has_waiter(pid_t pid) const override;
  std::string what() const override { return "the queue " + name_; }

  /// How many messages it may hold, and how many bytes each.
  struct Sizes {
    long messages, bytes;
    bool operator==(const Sizes&) const = default;
  };
  Verdict has_sizes(const Sizes& wanted) const;
  /// As the check makes it, with mode 0600. Throws Obstructed where the name is taken. Small: a user's queues share 800 KiB,
  /// those of other rooms too.
  void make(const Sizes& sizes) const;
  /// Takes its name away (mq_unlink(3)).
  void remove() const;
  /// From now on it is this very one that is looked at, also when the name has gone or means another one.
  void keep_open();

  bool put(const Message& message) const override;
  std::optional<Message> take() const override;

 protected:
  const char* tag() const override { return "priority"; }

 private:
  /// Empty where there is none; another description each time, for its O_NONBLOCK is ours.
  base::Fd opened(int flags) const;
  base::Fd held_;
};

/// A System V message queue, by its key. What it counts comes from /proc/sysvipc/msg, which needs no leave.
class SysvQueue : public Queue {
 public:
  explicit SysvQueue(Testbed& testbed);
  std::optional<int> count() const override;
  std::optional<mode_t> mode() const override;
  bool has_waiter(pid_t pid) const override;
  std::string what() const override { return "the System V queue " + name_; }

  key_t key() const { return key_; }
  /// Its identifier; -1 where there is no such queue.
  int id() const;
  /// Bytes in it now; how many there may be (msg_qbytes, msgctl(2)).
  std::optional<long> bytes() const;
  std::optional<long> room() const;
  /// Waits until a thread of the process, or of a child, sleeps in msgrcv(2) on it for exactly this type.
  Verdict is_waited_on_for(const Observed& who, long type) const;
  /// As the check makes it, with mode 0600, and for so many bytes where that is said. Throws Obstructed where the key is taken.
  void make(std::optional<long> room = {}) const;
  /// Who sleeps on it then is woken, with EIDRM.
  void remove() const;

  bool put(const Message& message) const override;
  std::optional<Message> take() const override { return take(0); }
  /// The next one of this type, as msgrcv(2) chooses.
  std::optional<Message> take(long type) const;

 protected:
  const char* tag() const override { return "type"; }
  std::optional<see::IpcObject::Kind> sysv_kind() const override { return see::IpcObject::Kind::sysv_queue; }

 private:
  SysvQueue(Testbed& testbed, key_t key);
  key_t key_;
};

}  // namespace play
