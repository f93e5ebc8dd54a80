#include "play/traced.hpp"

#include <csignal>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/fd.hpp"

namespace play {

void seize(pid_t pid, long events) {
  base::must(static_cast<int>(ptrace(PTRACE_SEIZE, pid, nullptr, events)), "PTRACE_SEIZE");
}

Stop next_stop(pid_t pid) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOHANG | __WALL) < 0 || info.si_pid == 0) return {};
  return {true, info.si_status >> 8, info.si_status & 0x7f};
}

void pass_on(pid_t pid, const Stop& stop) {
  // A group stop: it is to stay stopped, and to hear SIGCONT.
  const bool stays = stop.event == PTRACE_EVENT_STOP && stop.signal != SIGTRAP;
  if (stays) ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
  else ptrace(PTRACE_CONT, pid, nullptr, static_cast<long>(stop.event == 0 ? stop.signal : 0));
}

}  // namespace play
