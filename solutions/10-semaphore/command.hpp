// Given. How `limit` runs its command: a child that cannot outlive it, and that hears what `limit` is told. Knows
// nothing of permits.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs in the child, and never returns. The mask is the one that `limit` itself was given.
[[noreturn]] inline void become(char** command, const sigset_t& mask, pid_t limit) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);    // whoever kills `limit` has killed the command too ...
  if (getppid() != limit) _exit(125);  // ... unless that was before this line
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  execvp(command[0], command);
  const int why = errno;
  dprintf(STDERR_FILENO, "limit: %s: %s\n", command[0], std::strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

// Runs the command, passes on SIGTERM, SIGINT and SIGHUP, and waits for its end. Returns its exit status, 128 + n when
// signal n ended it, 125 when there is no child to be had.
inline int run(char** command) {
  sigset_t heard, before;
  sigemptyset(&heard);
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&heard, s);
  sigprocmask(SIG_BLOCK, &heard, &before);  // from here on they wait for sigwaitinfo()
  signal(SIGCHLD, SIG_DFL);                 // where it is inherited as ignored, no status is kept
  const pid_t limit = getpid(), child = fork();
  if (child == 0) become(command, before, limit);
  if (child < 0) dprintf(STDERR_FILENO, "limit: fork: %s\n", std::strerror(errno));
  while (child > 0) {
    int word = 0;
    if (waitpid(child, &word, WNOHANG) == child) return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
    siginfo_t told{};
    // A key of the terminal has reached the command already.
    if (sigwaitinfo(&heard, &told) > 0 && told.si_signo != SIGCHLD && told.si_code <= 0) kill(child, told.si_signo);
  }
  return 125;
}
