// orphan - kill a process that has a child, and see who adopts the child
//
//   $ ./orphan
//   child 4243 of 4242
//   killed 4242
//   child 4243 of 1
//   $ ./orphan --adopt          (its own pid is 4250)
//   child 4252 of 4251
//   killed 4251
//   child 4252 of 4250
//
// The handout is labs/06-jobs/README.md.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.hpp"

// What the child sees when it looks: itself and its parent.
struct Look {
  pid_t child, parent;
};

// Given. One look travels through a pipe in one piece. False at end-of-file.
[[maybe_unused]] static bool receive(int from, Look& look) {
  return must(static_cast<int>(read(from, &look, sizeof look)), "read") == sizeof look;
}

// Given. Says one look, at once.
[[maybe_unused]] static void say(const Look& look) { dprintf(STDOUT_FILENO, "child %d of %d\n", look.child, look.parent); }

// Runs in the child: looks, waits for the word to look again, and ends.
[[noreturn, maybe_unused]] static void be_child(int reports, int word) {
  char byte;
  do {
    const Look look{getpid(), getppid()};
    must(static_cast<int>(write(reports, &look, sizeof look)), "write");
  } while (read(word, &byte, 1) == 1);
  _exit(0);
}

// Makes the parent, which makes the child. The child writes to `reports` and reads from `word`; of these two the
// program itself keeps the other ends. Returns the parent.
static pid_t make_family(int& reports, int& word) {
  int up[2], down[2];
  must(pipe(up), "pipe");
  must(pipe(down), "pipe");
  const pid_t parent = must(fork(), "fork");
  if (parent == 0) {
    // Only the program itself can give the word: if it ends early, the child meets end-of-file and ends too.
    close(up[0]);
    close(down[1]);
    const pid_t child = must(fork(), "fork");
    if (child == 0) be_child(up[1], down[0]);
    close(up[1]);
    close(down[0]);
    waitpid(child, nullptr, 0);
    _exit(0);
  }
  close(up[1]);
  close(down[0]);
  reports = up[0];
  word = down[1];
  return parent;
}

// Ends the parent, and returns when it is dead.
static void end(pid_t parent) {
  must(kill(parent, SIGKILL), "kill");
  // kill() has only sent the signal. A parent that can be waited for has handed its children on.
  must(waitpid(parent, nullptr, 0), "waitpid");
}

// Returns when the child has ended, whoever its parent is now.
static void await_end(pid_t child, int handle) {
  // Not the end-of-file of its pipe: that comes a little before its end.
  pollfd end{handle, POLLIN, 0};
  must(poll(&end, 1, -1), "poll");
  waitpid(child, nullptr, 0);  // ECHILD when somebody else has adopted it
}

int main(int argc, char** argv) {
  const bool adopt = argc == 2 && strcmp(argv[1], "--adopt") == 0;
  if (argc > 1 && !adopt) {
    dprintf(STDERR_FILENO, "usage: orphan [--adopt]\n");
    return 2;
  }
  signal(SIGCHLD, SIG_DFL);  // if it was ignored when this program started, children would vanish unwaited
  if (adopt) must(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");

  int reports = -1, word = -1;
  Look look{};
  const pid_t parent = make_family(reports, word);
  if (parent < 0) return 1;
  if (!receive(reports, look)) return 1;
  say(look);
  const int handle = must(static_cast<int>(syscall(SYS_pidfd_open, look.child, 0)), "pidfd_open");

  end(parent);
  dprintf(STDOUT_FILENO, "killed %d\n", parent);

  must(static_cast<int>(write(word, "?", 1)), "write");
  if (!receive(reports, look)) return 1;
  say(look);
  close(word);
  await_end(look.child, handle);
  return 0;
}
