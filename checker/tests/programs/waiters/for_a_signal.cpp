// They wait for the signal of a timer, handled or not.
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "waiters.hpp"

namespace waiters {
namespace {

// Nobody handles the signal of the timer: it ends the child, and that is what the parent waits for.
void ended_by(const std::function<void()>& set_a_timer) {
  const pid_t child = fork();
  if (child == 0) {
    set_a_timer();
    for (;;) pause();
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGALRM) _exit(1);
}

// A reader that has kept the write end too: only its watchdog ends it, and that is meant.
void watchdog_of_a_reader() {
  int ends[2];
  if (pipe(ends) < 0) _exit(1);
  ended_by([&] {
    alarm_in_ms(brief);
    char byte;
    if (read(ends[0], &byte, 1) != 0) _exit(1);
  });
}

// A program may have a filter of its own, and it counts (seccomp(2)).
void behind_its_own_filter() {
  sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{std::size(code), code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) _exit(1);
  if (syscall(SYS_getppid) != -1 || errno != EDOM) _exit(1);
  ended_by([] { alarm_in_ms(brief); });
}

void posix_timer() {
  signal(SIGUSR1, heard);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  timer_t timer;
  const itimerspec when = in_ms(brief);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) _exit(1);
  timer_settime(timer, 0, &when, nullptr);
  pause();
}

void alarm_and_pause() {
  signal(SIGALRM, heard);
  alarm_in_ms(brief);
  pause();
}

void alarm_and_sigwait() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  alarm_in_ms(brief);
  int which = 0;
  sigwait(&set, &which);
}

}  // namespace

const Named for_a_signal{
    {"setitimer-default", [] { ended_by([] { alarm_in_ms(brief); }); }},
    {"alarm-default", [] { ended_by([] { alarm(1); }); }},
    {"alarm-watchdog", watchdog_of_a_reader},
    {"alarm-own-filter", behind_its_own_filter},
    {"posix-timer", posix_timer},
    {"alarm-pause", alarm_and_pause},
    {"alarm-sigwait", alarm_and_sigwait},
};

}  // namespace waiters
