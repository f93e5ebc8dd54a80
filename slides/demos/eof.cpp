// eof - what read() says on an empty pipe, as long as somebody could write, and when nobody can
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

static void ask(int fd, const char* when) {
  char byte;
  const long got = read(fd, &byte, 1);
  dprintf(1, "%s: %s\n", when, got == 0 ? "0, end-of-file" : strerror(errno));
}

int main() {
  int ends[2];
  if (pipe2(ends, O_NONBLOCK) < 0) return 1;  // instead of sleeping, read() fails with EAGAIN
  const int copy = dup(ends[1]);
  ask(ends[0], "two copies of the write end");
  close(ends[1]);
  ask(ends[0], "one copy of the write end");
  close(copy);
  ask(ends[0], "no copy of the write end");
}
