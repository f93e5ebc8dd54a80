// Program: orphan
//
// Another way: a socket pair, the child's parent read from /proc, and a pidfd that says when the parent is dead. All
// that is known of the child comes from outside; the child itself only waits for its end.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.hpp"

static pid_t parent_of(pid_t pid) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE* file = fopen(path, "re");
  int parent = -1;
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "PPid: %d", &parent) == 1) break;
  if (file) fclose(file);
  return parent;
}

static int handle_of(pid_t pid) { return must(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), "pidfd_open"); }

static void await(int handle) {
  pollfd end{handle, POLLIN, 0};
  while (poll(&end, 1, -1) < 0 && errno == EINTR) {}
}

int main(int argc, char** argv) {
  const bool adopt = argc == 2 && !strcmp(argv[1], "--adopt");
  if (argc > 1 && !adopt) {
    fprintf(stderr, "usage: orphan [--adopt]\n");
    return 2;
  }
  setvbuf(stdout, nullptr, _IOLBF, 0);
  signal(SIGCHLD, SIG_DFL);
  if (adopt) must(prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  const pid_t parent = must(fork(), "fork");
  if (parent == 0) {
    close(ends[0]);
    const pid_t child = must(fork(), "fork");
    char byte;
    if (child > 0) must(static_cast<int>(write(ends[1], &child, sizeof child)), "write");
    while (read(ends[1], &byte, 1) > 0) {}
    _exit(0);
  }
  close(ends[1]);
  pid_t child = 0;
  if (read(ends[0], &child, sizeof child) != sizeof child) return 1;
  const int parent_handle = handle_of(parent), child_handle = handle_of(child);
  printf("child %d of %d\n", child, parent_of(child));
  must(static_cast<int>(syscall(SYS_pidfd_send_signal, parent_handle, SIGKILL, nullptr, 0)), "pidfd_send_signal");
  await(parent_handle);
  siginfo_t info;
  must(waitid(P_PID, static_cast<id_t>(parent), &info, WEXITED | WNOWAIT), "waitid");
  printf("killed %d\n", parent);
  printf("child %d of %d\n", child, parent_of(child));
  close(ends[0]);
  await(child_handle);
  while (waitpid(-1, nullptr, adopt ? 0 : WNOHANG) > 0) {}
  return 0;
}
