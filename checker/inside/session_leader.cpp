// leader [--adopts] PROGRAM [ARG...]: stands above a program as a shell does. On a terminal it leads the session, and
// gives the program a group of its own and the terminal. With --adopts it is a subreaper: orphans below come to it.
// Ends as the program has ended. Run by checks inside a room; needs nothing of the checker.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

[[noreturn]] void become(char** words, bool terminal) {
  if (terminal) {
    setpgid(0, 0);
    // Asked from behind, this sends SIGTTOU; the program itself is to get what the leader was given.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    if (tcsetpgrp(0, getpid()) < 0) std::perror("tcsetpgrp");
    sigprocmask(SIG_SETMASK, &before, nullptr);
  }
  execv(words[0], words);
  std::perror(words[0]);
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  const bool adopts = argc > 1 && std::strcmp(argv[1], "--adopts") == 0;
  char** words = argv + (adopts ? 2 : 1);
  if (*words == nullptr) return 2;
  if (adopts && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return 2;
  const pid_t program = fork();
  if (program < 0) return 2;
  if (program == 0) become(words, isatty(0) == 1);
  int status = 0;
  // Fails when SIGCHLD was handed down as ignored, but only after the program has ended.
  waitpid(program, &status, 0);
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}
