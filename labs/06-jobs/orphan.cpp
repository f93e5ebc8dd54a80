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
  // TODO 8: who am I, and who is my parent? When is it time to look again, and when to end?
  (void)reports, (void)word;
  _exit(0);
}

// Makes the parent, which makes the child. The child writes to `reports` and reads from `word`; of these two the
// program itself keeps the other ends. Returns the parent.
static pid_t make_family(int& reports, int& word) {
  // TODO 8: two pipes, two forks. Which process keeps which end? If this program ends early, who tells the others?
  (void)reports, (void)word;
  return -1;
}

// Ends the parent, and returns when it is dead.
static void end(pid_t parent) {
  // TODO 9: which signal cannot be refused? And how do you know that it is dead, not only sent for?
  (void)parent;
}

// Returns when the child has ended, whoever its parent is now.
static void await_end(pid_t child, int handle) {
  // TODO 10: when is a pidfd readable? And who has to wait for a child that this program has adopted?
  (void)child, (void)handle;
}

int main(int argc, char** argv) {
  const bool adopt = argc == 2 && strcmp(argv[1], "--adopt") == 0;
  if (argc > 1 && !adopt) {
    dprintf(STDERR_FILENO, "usage: orphan [--adopt]\n");
    return 2;
  }
  signal(SIGCHLD, SIG_DFL);  // if it was ignored when this program started, children would vanish unwaited
  // TODO 10: with --adopt, this process asks for the orphans. How, and when would it be too late?
  (void)adopt;

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
