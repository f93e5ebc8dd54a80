// adopted - who is the parent of a process whose parent has ended? Twice: without and with a subreaper above it
#include <cstdio>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../labs/must.hpp"

// A child that starts a grandchild and ends; the grandchild says who its parent is then.
static void leave_an_orphan(const std::string& who) {
  int ends[2];
  must(pipe(ends), "pipe");
  const pid_t child = must(fork(), "fork");
  if (child == 0) {
    const pid_t me = getpid();
    if (must(fork(), "fork") > 0) _exit(0);
    while (getppid() == me) usleep(1000);
    const bool adopted = getppid() == std::stoi(who);
    dprintf(1, "the orphan's parent is %s\n", adopted ? "its grandparent, the subreaper" : "not its grandparent");
    _exit(0);
  }
  close(ends[1]);
  char none;
  must(static_cast<int>(read(ends[0], &none, 1)), "read");  // end-of-file: the grandchild has ended too
  close(ends[0]);
  while (waitpid(-1, nullptr, 0) > 0) {}
}

int main() {
  leave_an_orphan(std::to_string(getpid()));
  must(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
  leave_an_orphan(std::to_string(getpid()));
}
