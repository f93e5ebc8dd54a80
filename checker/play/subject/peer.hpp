// A small process of the check's own that lives in the room as the programs' peer: it has a pid that they can see, so
// what it sends carries a sender (a signal of the check itself comes from outside their pid namespace, and says 0).
// It holds every signal, and takes what is pending when it is asked. Its own running is no motion of the programs.
#pragma once

#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"
#include "play/subject/address.hpp"
#include "play/subject/observed.hpp"

namespace play {

class Peer {
 public:
  explicit Peer(Testbed& testbed);
  Peer(Peer&&) = default;
  Peer& operator=(Peer&&) = default;

  /// As the room numbers it: what a program must say of its signals.
  see::InnerPid pid() const { return inside_; }

  /// Done when it returns: what was sent is pending, or was delivered. A target that has ended is no error.
  void kill(const Observed& to, int signal);
  void kill(const Peer& to, int signal);
  /// One or many by sigqueue(3): the values count up from `value`.
  void queue(const Observed& to, int signal, int value, int count = 1);
  /// The same, under way when it returns: `is_done` says, without waiting, whether it has come to its end.
  void begin_queue(const Observed& to, int signal, int value, int count);
  bool is_done();

  /// What sigtimedwait(2) told of a signal.
  struct Taken {
    int number, code;
    see::InnerPid sender;
    int value;
  };
  /// All that is pending for it, in the order that this kernel gives it.
  std::vector<Taken> take();

  /// A socket that it has connected there, as Address::connected does: who asks at the other side which process connected hears of
  /// it (unix(7), SO_PEERCRED), whoever uses the socket.
  base::Fd connected(const Address& address);

  /// From now on no more than these may be pending for it (RLIMIT_SIGPENDING).
  void limit_pending(unsigned long most) const;

 private:
  enum class Task { kill, queue, take, connect };
  struct Request {
    Task task;
    see::InnerPid to;
    int signal, value, count;
    char address[128];
  };
  [[noreturn]] static void live(int line);
  static int perform(const Request& request, std::vector<Taken>& taken);
  void ask(const Request& request);
  std::vector<Taken> answer();

  void note(const std::string& what) const;

  Testbed* testbed_;
  pid_t pid_ = 0;
  see::InnerPid inside_;
  base::Fd line_;  ///< closing it ends the process
  bool under_way_ = false;
};

}  // namespace play
