#include "play/start/ptrace.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/fd.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/proc.hpp"

namespace play {

void seize(pid_t pid, long events) {
  if (ptrace(PTRACE_SEIZE, pid, nullptr, events) == 0) return;
  const int error = errno;
  // One that has ended can be held no more (EPERM, ESRCH): its own doing.
  if (const auto stat = see::stat_of(pid); !stat || stat->state == 'Z' || stat->state == 'X')
    throw Obstructed("it lives until the check has looked at it", "it has ended");
  errno = error;
  base::fail("PTRACE_SEIZE");
}

Stop next_stop(pid_t pid) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOHANG | __WALL) < 0 || info.si_pid == 0) return {};
  return {true, info.si_status >> 8, info.si_status & 0x7f, info.si_status == (SIGTRAP | 0x80)};
}

std::optional<CallStop> call_at_stop(pid_t pid) {
  // The kernel's own struct: glibc names it differently from version to version.
  struct {
    std::uint8_t op;
    std::uint8_t pad[3];
    std::uint32_t arch;
    std::uint64_t instruction_pointer, stack_pointer;
    std::uint64_t number, args[6];
  } info{};
  constexpr int get_syscall_info = 0x420e, at_entry = 1, at_exit = 2;
  const long got = ptrace(static_cast<__ptrace_request>(get_syscall_info), pid, sizeof info, &info);
  if (got <= 0 || (info.op != at_entry && info.op != at_exit)) return std::nullopt;
  CallStop stop{info.op == at_entry, static_cast<long>(info.number), {}};
  std::copy(std::begin(info.args), std::end(info.args), std::begin(stop.args));
  return stop;
}

void pass_on(pid_t pid, const Stop& stop, bool to_next_call) {
  // A group stop: it is to stay stopped, and to hear SIGCONT.
  const bool stays = stop.event == PTRACE_EVENT_STOP && stop.signal != SIGTRAP;
  const long signal = stop.event == 0 && !stop.at_call ? stop.signal : 0;
  if (stays) ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
  else ptrace(to_next_call ? PTRACE_SYSCALL : PTRACE_CONT, pid, nullptr, signal);
}

void release(pid_t pid) {
  if (ptrace(PTRACE_DETACH, pid, nullptr, nullptr) == 0) return;
  // Only one that is stopped can be let go. Its end ends the wait too, and is left to whoever collects it.
  siginfo_t info{};
  if (ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) == 0 &&
      waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WEXITED | WNOWAIT | __WALL) == 0)
    ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
}

}  // namespace play
