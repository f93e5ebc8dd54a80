#include "room/spawn.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/passing.hpp"
#include "room/room.hpp"
#include "room/walls/refused.hpp"

namespace room {
namespace {

void reset_signals() {
  for (int s = 1; s < NSIG; ++s) {
    struct sigaction none {};
    none.sa_handler = SIG_DFL;
    sigaction(s, &none, nullptr);  // fails for SIGKILL, SIGSTOP and the C library's own two: as it should
  }
  sigset_t nothing;
  sigemptyset(&nothing);
  sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

// Every ordered descriptor at its number and nothing else, except the error socket until exec succeeds.
void place_descriptors(const std::vector<std::pair<int, int>>& wanted, base::Fd& error) {
  int above = 3;
  for (const auto& [ours, theirs] : wanted) above = std::max(above, theirs + 1);
  // First out of the way of all targets, then each to its place.
  error = base::Fd(base::must(fcntl(error.get(), F_DUPFD_CLOEXEC, above), "fcntl"));
  std::vector<std::pair<int, int>> lifted;
  for (const auto& [ours, theirs] : wanted)
    lifted.emplace_back(base::must(fcntl(ours, F_DUPFD_CLOEXEC, above), "fcntl"), theirs);
  for (const auto& [from, to] : lifted) base::must(dup2(from, to), "dup2");
  for (int fd = 0; fd < above; ++fd)
    if (std::none_of(wanted.begin(), wanted.end(), [&](const auto& w) { return w.second == fd; })) close(fd);
  base::must(close_range(static_cast<unsigned>(above), ~0U, CLOSE_RANGE_CLOEXEC), "close_range");
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

void run(const Room& room, const Order& order, base::Fd& error) {
  base::must(setsid(), "setsid");
  reset_signals();
  umask(022);
  if (!room.root().empty()) {
    // Inside a chroot nobody can make a user namespace (user_namespaces(7)), so no more rights can be won.
    base::must(chroot(room.root().c_str()), "chroot");
    base::must(chdir("/work"), "chdir");
  }
  place_descriptors(order.descriptors, error);
  if (order.terminal) base::must(ioctl(0, TIOCSCTTY, 0), "TIOCSCTTY");
  base::must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
  // Where Yama lets only ancestors trace (ptrace_scope 1, Ubuntu's default), strace as a helper of the check is none: whoever
  // shares the room may trace this one, and exec keeps that. EINVAL: no Yama here.
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  refuse_ways_out();
  apply(order.limits, room.others());
  std::vector<std::string> environment{"PATH=" + room.programs() + ":/usr/local/bin:/usr/bin:/bin", "HOME=/work",
                                       "LC_ALL=C", "TERM=dumb", "USER=student"};
  environment.insert(environment.end(), order.environment.begin(), order.environment.end());
  if (order.prepare) order.prepare();
  const auto words = pointers(order.argv), variables = pointers(environment);
  // As late as can be: nobody answers before exec.
  if (!order.asks.empty())
    if (const base::Fd listener = ask_before(order.asks)) base::hand_over(error.get(), listener.get());
  apply_last(order.limits);
  execve(order.path.c_str(), words.data(), variables.data());
  base::fail("cannot execute " + order.path);
}

}  // namespace

namespace {

// Nothing may leave this process but by exec or _exit: it is a copy of the check.
void report(const base::Fd& to, int code, const std::string& what) noexcept {
  try {
    base::write_all(to.get(), std::string(reinterpret_cast<const char*>(&code), sizeof code) + what);
  } catch (const std::exception&) {
    _exit(126);
  }
}

}  // namespace

Child spawn(const Room& room, const Order& order) {
  base::Pipe error = base::make_socket_pair();
  const pid_t pid = base::must(fork(), "fork");
  if (pid == 0) {
    error.read_end.reset();
    try {
      run(room, order, error.write_end);
    } catch (const std::system_error& e) {
      report(error.write_end, e.code().value(), e.what());
    } catch (const std::exception& e) {
      report(error.write_end, 0, e.what());
    } catch (...) {
      report(error.write_end, 0, "what was to be done before exec failed");
    }
    _exit(127);
  }
  error.write_end.reset();
  Child child{pid, base::Fd(base::must(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), "pidfd_open")), nullptr};
  base::Fd listener;
  const std::string said = base::read_all(error.read_end.get(), listener);
  if (!said.empty()) {
    int code = 0;
    std::memcpy(&code, said.data(), sizeof code);
    waitpid(pid, nullptr, 0);
    if (code == 0) throw std::runtime_error(said.substr(sizeof code));
    throw std::system_error(code, std::generic_category(), said.substr(sizeof code));
  }
  if (listener) child.questions = std::make_shared<Questions>(std::move(listener));
  return child;
}

}  // namespace room
