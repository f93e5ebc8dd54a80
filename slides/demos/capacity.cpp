// capacity - how many bytes a pipe takes before write() would sleep
#include <climits>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

// Until the kernel says EAGAIN, where a blocking write() would sleep.
static long fill(int fd) {
  long taken = 0;
  while (write(fd, "", 1) == 1) ++taken;
  return taken;
}

int main() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK) < 0) return 1;
  dprintf(1, "it took %ld bytes, and says that it holds %d\n", fill(ends[1]), fcntl(ends[1], F_GETPIPE_SZ));
  if (pipe2(ends, O_NONBLOCK) < 0 || fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0) return 1;
  dprintf(1, "made smaller: it took %ld bytes\n", fill(ends[1]));
  dprintf(1, "PIPE_BUF, what one write() puts in undivided: %d\n", PIPE_BUF);
}
