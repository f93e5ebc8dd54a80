// The parent sends, by pidfd, and only when the child has said on a pipe that it is ready; a second pipe tells the child
// that the signal is on its way; waitid in place of waitpid.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "command_line.hpp"

namespace {

std::vector<int> usable() {
  std::vector<int> numbers;
  for (int n = 1; n < NSIG; ++n)
    if (n <= SIGSYS || n >= SIGRTMIN) numbers.push_back(n);
  return numbers;
}

bool dumps = false;

volatile sig_atomic_t hit = 0;
void on_signal(int) { hit = 1; }

enum class Plan { fate, here, caught, blocked, ignored };

void prepare(Plan plan, int n) {
  if (plan == Plan::here) return;
  signal(n, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  if (plan == Plan::caught && signal(n, on_signal) == SIG_ERR) _exit(30);
  if (plan == Plan::ignored && signal(n, SIG_IGN) == SIG_ERR) _exit(30);
  if (plan != Plan::blocked) return;
  sigaddset(&set, n);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

[[noreturn]] void child(Plan plan, int n, int ready, int sent) {
  setpgid(0, 0);
  if (!dumps) prctl(PR_SET_DUMPABLE, 0);
  prepare(plan, n);
  char byte = 'r';
  if (write(ready, &byte, 1) != 1) _exit(31);
  // A handler may interrupt this; the byte comes all the same.
  while (read(sent, &byte, 1) < 0) {}
  sigset_t pending;
  sigpending(&pending);
  if (plan == Plan::caught) _exit(hit ? 20 : 21);
  _exit(sigismember(&pending, n) == 1 ? 22 : 21);
}

struct Subject {
  pid_t pid;
  int sent[2];  // both ends, so that writing to a child that has ended already does no harm
};

Subject spawn(Plan plan, int n) {
  int ready[2], sent[2];
  if (pipe(ready) < 0 || pipe(sent) < 0) _exit(1);
  const pid_t pid = fork();
  if (pid < 0) _exit(1);
  if (pid == 0) {
    close(ready[0]);
    close(sent[1]);
    child(plan, n, ready[1], sent[0]);
  }
  close(ready[1]);
  char byte;
  (void)!read(ready[0], &byte, 1);  // end-of-file when it has ended already: that is an answer too
  close(ready[0]);
  return {pid, {sent[0], sent[1]}};
}

void strike(pid_t pid, int n) {
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  syscall(SYS_pidfd_send_signal, fd, n, nullptr, 0);
  close(fd);
}

// How it ended, or that it stopped: such a one is brought to its end.
siginfo_t verdict(const Subject& s, int n) {
  strike(s.pid, n);
  (void)!write(s.sent[1], "s", 1);
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(s.pid), &info, WEXITED | WSTOPPED);
  if (info.si_code == CLD_STOPPED) {
    kill(s.pid, SIGKILL);
    waitid(P_PID, static_cast<id_t>(s.pid), nullptr, WEXITED);
  }
  for (const int end : s.sent) close(end);
  return info;
}

bool continues(Plan plan, int n) {
  const Subject s = spawn(plan, n);
  strike(s.pid, SIGSTOP);
  waitid(P_PID, static_cast<id_t>(s.pid), nullptr, WSTOPPED);
  strike(s.pid, n);
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(s.pid), &info, WCONTINUED | WNOHANG);
  kill(s.pid, SIGKILL);
  waitid(P_PID, static_cast<id_t>(s.pid), nullptr, WEXITED);
  for (const int end : s.sent) close(end);
  return info.si_pid == s.pid;
}

bool answers(Plan plan, int n, int answer) {
  const siginfo_t info = verdict(spawn(plan, n), n);
  return info.si_code == CLD_EXITED && info.si_status == answer;
}

std::string fate(Plan plan, int n) {
  const siginfo_t info = verdict(spawn(plan, n), n);
  if (info.si_code == CLD_DUMPED && dumps) return "core";
  if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED) return "ends";
  if (info.si_code == CLD_STOPPED) return "stops";
  if (info.si_status == 22) return "waits";
  return continues(plan, n) ? "continues" : "nothing";
}

}  // namespace

int main(int argc, char** argv) {
  const Order order = understand({argv + (argc > 0), argv + argc}, usable(), true);
  if (order.verb.empty()) return usage();
  if (order.verb == "list")
    for (const int n : usable()) say(std::to_string(n) + " " + name_of(n));
  if (order.verb == "send" && kill(order.pid, order.signals[0]) < 0) {
    trouble("kill", errno);
    return 1;
  }
  if (order.verb != "fate") return 0;
  signal(SIGCHLD, SIG_DFL);
  char folder[] = "/tmp/signals.XXXXXX";
  if (order.core) {
    rlimit limit{};
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
    if (!mkdtemp(folder) || chdir(folder) < 0) return 1;
    dumps = true;
  }
  for (const int n : order.signals) {
    std::string line = std::to_string(n) + " " + name_of(n) + " " + fate(order.here ? Plan::here : Plan::fate, n);
    if (!order.here) {
      line += answers(Plan::caught, n, 20) ? " catch" : " -";
      line += answers(Plan::blocked, n, 22) ? " block" : " -";
      line += answers(Plan::ignored, n, 21) ? " ignore" : " -";
    }
    say(line);
  }
  if (order.core) std::filesystem::remove_all(folder);
}
