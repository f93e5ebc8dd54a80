#include "see/motion/motion.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include "base/fd.hpp"
#include "see/borrowed.hpp"
#include "see/calls.hpp"
#include "see/motion/timers.hpp"

namespace see {
namespace {

Movement runs(const Process& p) { return moves(Motion::runs, p, "runs"); }
Movement clock(const Process& p, std::string_view how) { return moves(Motion::clock, p, how); }
Movement unsure(const Process& p, std::string_view how) { return moves(Motion::unsure, p, how); }

bool waits_for(const Process& parent, const Process& child) {
  for (const Thread& t : parent.threads) {
    const auto wanted = static_cast<pid_t>(t.call.args[0]);
    if (t.call.number == SYS_wait4 &&
        (wanted == -1 || wanted == child.status.inner_pid.number || wanted == 0 || wanted == -child.status.inner_group.number))
      return true;
    if (t.call.number == SYS_waitid && (t.call.args[3] & WEXITED) != 0) {
      const auto id = static_cast<pid_t>(t.call.args[1]);
      if (t.call.args[0] == P_PID     ? id == child.status.inner_pid.number
          : t.call.args[0] == by_pidfd ? awaited_by_pidfd(parent.pid(), t.call) == child.pid()
                                      : true)
        return true;
    }
  }
  return false;
}

// An ended process whose parent sleeps in a wait for it: the wake-up is under way.
bool wakes_its_parent(const Family& family, const Process& zombie) {
  const Process* parent = find(family, zombie.stat.parent);
  return parent != nullptr && waits_for(*parent, zombie);
}

// SO_RCVTIMEO and SO_SNDTIMEO are in no file of /proc.
Movement movement_of_socket(const Process& p, const Descriptor& d, const CallFacts& facts) {
  const base::Fd socket = borrowed(p.pid(), d);
  if (!socket) return unsure(p, fmt::format("waits in {} on a socket that cannot be asked", facts.name));
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    timeval limit{};
    socklen_t size = sizeof limit;
    if (getsockopt(socket.get(), SOL_SOCKET, option, &limit, &size) == 0 && (limit.tv_sec != 0 || limit.tv_usec != 0))
      return clock(p, fmt::format("waits in {} on a socket with a time limit", facts.name));
  }
  // Between hosts a connection attempt is repeated and given up by the clock; between UNIX sockets it is not.
  int domain = AF_UNIX;
  socklen_t size = sizeof domain;
  getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &domain, &size);
  return facts.on == On::connecting && domain != AF_UNIX ? clock(p, "waits in connect") : Movement{};
}

// A terminal may end a read by the clock (termios(3), MIN and TIME): where MIN is 0 from the start, where it is more than
// 1 once a byte has come, and whether one has cannot be seen. Its master has no such limit.
Movement movement_of_terminal(const Process& p, const Descriptor& d) {
  if (d.target.ends_with("/ptmx")) return {};
  const base::Fd terminal = borrowed(p.pid(), d);
  if (!terminal) return unsure(p, "reads a device that cannot be asked");
  termios mode{};
  if (tcgetattr(terminal.get(), &mode) < 0 || (mode.c_lflag & ICANON) != 0 || mode.c_cc[VTIME] == 0) return {};
  if (mode.c_cc[VMIN] == 0) return clock(p, "reads a terminal with a time limit");
  return mode.c_cc[VMIN] == 1 ? Movement{} : unsure(p, "reads a terminal with a time limit between bytes");
}

Movement movement_of_call(const Process& p, const Thread& t) {
  if (t.call.known == Call::Known::running) return runs(p);
  if (t.call.known != Call::Known::yes) return unsure(p, "sleeps in a call that cannot be read");
  const CallFacts* facts = facts_of(t.call.number);
  if (!facts) return unsure(p, fmt::format("sleeps in {}, which this checker does not know", name_of(t.call.number)));
  if (has_timeout(t.call)) return clock(p, fmt::format("waits in {} for a limited time", facts->name));
  if (t.call.number == SYS_rt_sigtimedwait) {
    const auto awaited = signals_awaited(t.tid, t.call);
    if (!awaited) return unsure(p, "waits for signals that cannot be read");
    if ((*awaited & timer_signals) != 0) return unsure(p, "waits for a signal that a timer may send");
  }
  if (facts->on == On::reading || facts->on == On::writing || facts->on == On::connecting) {
    const auto d = descriptor_of(t.tid, static_cast<int>(t.call.args[0]));
    if (d && d->type == S_IFSOCK) return movement_of_socket(p, *d, *facts);
    if (d && d->type == S_IFCHR && facts->on == On::reading) return movement_of_terminal(p, *d);
  }
  return {};
}

// Whether a child still runs in the memory of its parent, as it does between vfork and exec (kcmp(2)). A child that the
// check holds is in no family, and counts all the same.
bool lends_its_memory(const Process& p) {
  const auto children = children_of(p.pid());
  return std::any_of(children.begin(), children.end(), [&](pid_t child) {
    const auto stat = stat_of(child);
    return stat && stat->state != 'Z' && stat->state != 'X' &&
           (syscall(SYS_kcmp, p.pid(), child, KCMP_VM, 0, 0) == 0 || errno == ENOSYS);
  });
}

bool is_new_program(const Call& call) {
  const CallFacts* facts = call.known == Call::Known::yes ? facts_of(call.number) : nullptr;
  return facts && facts->on == On::new_program;
}

// Only vfork waits for its child. A plain fork sleeps for a moment too, for memory or a lock of the kernel's, and goes on;
// and so does vfork before the child is there.
bool waits_for_a_new_program(const Process& p, const Call& call) {
  if (!is_new_program(call)) return false;
  std::uint64_t flags = CLONE_VFORK;
  if (call.number == SYS_clone) flags = call.args[0];
#ifdef SYS_clone3
  if (call.number == SYS_clone3) {
    const std::string bytes = memory_of(p.pid(), call.args[0], sizeof flags);  // struct clone_args begins with them
    if (bytes.size() != sizeof flags) return false;
    std::memcpy(&flags, bytes.data(), sizeof flags);
  }
#endif
  return (flags & CLONE_VFORK) != 0 && lends_its_memory(p);
}

Movement movement_of_thread(const Process& p, const Thread& t) {
  switch (t.state) {
    case 'Z':
    case 'X':
    case 'T': return {};
    // Held by this check, it goes on when the check says so. Another tracer lets it go on by itself.
    case 't': return t.tracer == getpid() ? Movement{} : runs(p);
    case 'D': return waits_for_a_new_program(p, t.call) ? Movement{} : runs(p);
    case 'S':
      return is_new_program(t.call) && !waits_for_a_new_program(p, t.call) ? runs(p) : movement_of_call(p, t);
    default: return runs(p);
  }
}

}  // namespace

Movement moves(Motion kind, const Process& who, std::string_view how) {
  return {.kind = kind, .why = fmt::format("{} {} {}", who.stat.name, who.status.inner_pid, how)};
}

Movement movement(const Family& family, const IntervalTimers& set) {
  Movement all;
  for (const Process& p : family) {
    if (p.ended() && wakes_its_parent(family, p)) return runs(*find(family, p.stat.parent));
    for (const Thread& t : p.threads) all = std::max(all, movement_of_thread(p, t));
    if (all.kind == Motion::runs) return all;
  }
  // Only now the costly looks: nothing runs, so they decide.
  return std::max(all, movement_of_timers(family, set));
}

Movement look_again(pid_t root, const std::vector<pid_t>& ours, const IntervalTimers& set, Family& seen) {
  const Family before = std::exchange(seen, family_of(root, ours));
  if (!same(before, seen)) return {.kind = Motion::runs, .why = "something moved between two looks"};
  return movement(seen, set);
}

Movement look_twice(pid_t root, const std::vector<pid_t>& ours, const IntervalTimers& set, Family& seen) {
  seen = family_of(root, ours);
  for (const Process& p : seen)
    for (const Thread& t : p.threads)
      if (t.state == 'R') return runs(p);
  return look_again(root, ours, set, seen);
}

}  // namespace see
