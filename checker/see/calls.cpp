#include "see/calls.hpp"

#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unordered_map>

namespace see {
namespace {

using Timeout = CallFacts::Timeout;

const std::unordered_map<long, CallFacts>& table() {
  static const std::unordered_map<long, CallFacts> calls{
      {SYS_read, {"read", On::reading, 0, Timeout::never, -1}},
      {SYS_readv, {"readv", On::reading, 0, Timeout::never, -1}},
      {SYS_pread64, {"pread", On::reading, 0, Timeout::never, -1}},
      {SYS_recvfrom, {"recv", On::reading, 0, Timeout::never, -1}},
      {SYS_recvmsg, {"recvmsg", On::reading, 0, Timeout::never, -1}},
      {SYS_recvmmsg, {"recvmmsg", On::reading, 0, Timeout::pointer, 4}},
      {SYS_accept, {"accept", On::reading, 0, Timeout::never, -1}},
      {SYS_accept4, {"accept", On::reading, 0, Timeout::never, -1}},
      {SYS_splice, {"splice", On::reading, 0, Timeout::never, -1}},
      {SYS_tee, {"tee", On::reading, 0, Timeout::never, -1}},
      {SYS_sendfile, {"sendfile", On::writing, 0, Timeout::never, -1}},
      {SYS_vmsplice, {"vmsplice", On::writing, 0, Timeout::never, -1}},
      {SYS_write, {"write", On::writing, 0, Timeout::never, -1}},
      {SYS_writev, {"writev", On::writing, 0, Timeout::never, -1}},
      {SYS_sendto, {"send", On::writing, 0, Timeout::never, -1}},
      {SYS_sendmsg, {"sendmsg", On::writing, 0, Timeout::never, -1}},
      {SYS_sendmmsg, {"sendmmsg", On::writing, 0, Timeout::never, -1}},
      {SYS_openat, {"open", On::opening, 1, Timeout::never, -1}},
      {SYS_connect, {"connect", On::connecting, 0, Timeout::never, -1}},
      {SYS_ppoll, {"ppoll", On::many, 0, Timeout::pointer, 2}},
      {SYS_pselect6, {"select", On::many, 0, Timeout::pointer, 4}},
      {SYS_epoll_pwait, {"epoll_wait", On::many, 0, Timeout::milliseconds, 3}},
      {SYS_wait4, {"wait", On::child, 0, Timeout::never, -1}},
      {SYS_waitid, {"waitid", On::child, 1, Timeout::never, -1}},
      {SYS_rt_sigsuspend, {"sigsuspend", On::signal, -1, Timeout::never, -1}},
      {SYS_rt_sigtimedwait, {"sigwait", On::signal, 0, Timeout::pointer, 2}},
      {SYS_futex, {"futex", On::futex, 0, Timeout::pointer, 3}},
      {SYS_msgrcv, {"msgrcv", On::queue, 0, Timeout::never, -1}},
      {SYS_msgsnd, {"msgsnd", On::queue, 0, Timeout::never, -1}},
      {SYS_semop, {"semop", On::semaphores, 0, Timeout::never, -1}},
      {SYS_semtimedop, {"semop", On::semaphores, 0, Timeout::pointer, 3}},
      {SYS_mq_timedreceive, {"mq_receive", On::reading, 0, Timeout::pointer, 4}},
      {SYS_mq_timedsend, {"mq_send", On::writing, 0, Timeout::pointer, 4}},
      {SYS_flock, {"flock", On::lock, 0, Timeout::never, -1}},
      {SYS_fcntl, {"fcntl", On::lock, 0, Timeout::never, -1}},
      {SYS_nanosleep, {"nanosleep", On::clock, -1, Timeout::always, -1}},
      {SYS_clock_nanosleep, {"nanosleep", On::clock, -1, Timeout::always, -1}},
      // What a sleep, poll or futex with a time becomes when a stop has interrupted it.
      {SYS_restart_syscall, {"restart_syscall", On::clock, -1, Timeout::always, -1}},
      {SYS_clone, {"clone", On::new_program, -1, Timeout::never, -1}},
#ifdef SYS_clone3
      {SYS_clone3, {"clone3", On::new_program, -1, Timeout::never, -1}},
#endif
#ifdef SYS_futex_waitv
      {SYS_futex_waitv, {"futex_waitv", On::futex, -1, Timeout::pointer, 3}},
#endif
#ifdef SYS_epoll_pwait2
      {SYS_epoll_pwait2, {"epoll_wait", On::many, 0, Timeout::pointer, 3}},
#endif
#ifdef SYS_open
      {SYS_open, {"open", On::opening, 0, Timeout::never, -1}},
#endif
#ifdef SYS_pause
      {SYS_pause, {"pause", On::signal, -1, Timeout::never, -1}},
#endif
#ifdef SYS_poll
      {SYS_poll, {"poll", On::many, 0, Timeout::milliseconds, 2}},
#endif
#ifdef SYS_select
      {SYS_select, {"select", On::many, 0, Timeout::pointer, 4}},
#endif
#ifdef SYS_epoll_wait
      {SYS_epoll_wait, {"epoll_wait", On::many, 0, Timeout::milliseconds, 3}},
#endif
#ifdef SYS_vfork
      {SYS_vfork, {"vfork", On::new_program, -1, Timeout::never, -1}},
#endif
  };
  return calls;
}

bool futex_waits(std::uint64_t operation) {
  const auto command = static_cast<int>(operation) & FUTEX_CMD_MASK;
  return command != FUTEX_WAKE && command != FUTEX_WAKE_OP && command != FUTEX_UNLOCK_PI;
}

std::optional<std::vector<Polled>> polled_by_poll(pid_t pid, const Call& call) {
  const size_t count = call.args[1];
  if (count > 4096) return std::nullopt;
  std::vector<pollfd> fds(count);
  const std::string bytes = memory_of(pid, call.args[0], count * sizeof(pollfd));
  if (bytes.size() != count * sizeof(pollfd)) return std::nullopt;
  if (count > 0) std::memcpy(fds.data(), bytes.data(), bytes.size());
  std::vector<Polled> watched;
  for (const pollfd& p : fds)
    if (p.fd >= 0) watched.push_back({p.fd, (p.events & POLLIN) != 0, (p.events & POLLOUT) != 0});
  return watched;
}

std::optional<std::vector<Polled>> polled_by_select(pid_t pid, const Call& call) {
  const auto highest = static_cast<int>(std::min<std::uint64_t>(call.args[0], FD_SETSIZE));
  // The kernel reads whole words, only as many as `highest` needs.
  const size_t bytes = static_cast<size_t>((highest + 63) / 64) * 8;
  fd_set sets[3];
  for (size_t i = 0; i < 3; ++i) {
    FD_ZERO(&sets[i]);
    if (call.args[i + 1] == 0) continue;
    const std::string copy = memory_of(pid, call.args[i + 1], bytes);
    if (copy.size() != bytes) return std::nullopt;
    std::memcpy(&sets[i], copy.data(), bytes);
  }
  std::vector<Polled> watched;
  for (int fd = 0; fd < highest; ++fd)
    if (FD_ISSET(fd, &sets[0]) || FD_ISSET(fd, &sets[1]) || FD_ISSET(fd, &sets[2]))
      watched.push_back({fd, FD_ISSET(fd, &sets[0]) != 0, FD_ISSET(fd, &sets[1]) != 0});
  return watched;
}

std::optional<std::vector<Polled>> polled_by_epoll(pid_t pid, const Call& call) {
  const auto epoll = descriptor_of(pid, static_cast<int>(call.args[0]));
  if (!epoll) return std::nullopt;
  std::vector<Polled> watched;
  const std::string& text = epoll->details;
  for (size_t at = text.find("tfd:"); at != std::string::npos; at = text.find("tfd:", at + 1)) {
    int fd = -1;
    unsigned events = 0;
    if (std::sscanf(text.c_str() + at, "tfd: %d events: %x", &fd, &events) == 2)
      watched.push_back({fd, (events & POLLIN) != 0, (events & POLLOUT) != 0});
  }
  return watched;
}

}  // namespace

const CallFacts* facts_of(long number) {
  const auto found = table().find(number);
  return found == table().end() ? nullptr : &found->second;
}

std::string name_of(long number) {
  const CallFacts* facts = facts_of(number);
  return facts ? facts->name : fmt::format("system call {}", number);
}

bool has_timeout(const Call& call) {
  const CallFacts* facts = facts_of(call.number);
  if (!facts) return false;
  if (facts->on == On::futex && facts->object == 0 && !futex_waits(call.args[1])) return false;
  switch (facts->timeout) {
    case Timeout::never: return false;
    case Timeout::always: return true;
    case Timeout::milliseconds: return static_cast<int>(call.args[static_cast<size_t>(facts->timeout_arg)]) >= 0;
    case Timeout::pointer: return call.args[static_cast<size_t>(facts->timeout_arg)] != 0;
  }
  return false;
}

std::optional<std::vector<Polled>> polled_by(pid_t pid, const Call& call) {
  const std::string name = name_of(call.number);
  if (name == "poll" || name == "ppoll") return polled_by_poll(pid, call);
  if (name == "select") return polled_by_select(pid, call);
  if (name == "epoll_wait") return polled_by_epoll(pid, call);
  return std::nullopt;
}

std::optional<std::uint64_t> signals_awaited(pid_t pid, const Call& call) {
  std::uint64_t set = 0;
  const std::string bytes = memory_of(pid, call.args[0], sizeof set);
  if (bytes.size() != sizeof set) return std::nullopt;
  std::memcpy(&set, bytes.data(), sizeof set);
  return set;
}

std::optional<pid_t> awaited_by_pidfd(pid_t pid, const Call& call) {
  if (call.number != SYS_waitid || call.args[0] != by_pidfd) return std::nullopt;
  const auto pidfd = descriptor_of(pid, static_cast<int>(call.args[1]));
  const size_t at = pidfd ? pidfd->details.find("\nPid:") : std::string::npos;
  int child = -1;
  if (at == std::string::npos || std::sscanf(pidfd->details.c_str() + at, " Pid: %d", &child) != 1 || child <= 0)
    return std::nullopt;
  return child;
}

std::string signal_name(int number) {
  if (number == SIGRTMIN) return "SIGRTMIN";
  if (number > SIGRTMIN && number <= SIGRTMAX) return fmt::format("SIGRTMIN+{}", number - SIGRTMIN);
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

std::vector<Call> sleeping_calls(pid_t pid) {
  std::vector<Call> calls;
  for (const pid_t tid : threads_of(pid)) {
    const auto stat = stat_of(pid, tid);
    const Call call = call_of(pid, tid);
    if (stat && stat->state == 'S' && call.known == Call::Known::yes) calls.push_back(call);
  }
  return calls;
}

std::uint64_t ticks_used(pid_t pid) {
  const auto stat = stat_of(pid);
  return stat ? stat->cpu : 0;
}

}  // namespace see
