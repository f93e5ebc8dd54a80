// offsets - two numbers for one open file share an offset; a file that is opened twice has two
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

static long at(int fd) { return lseek(fd, 0, SEEK_CUR); }

int main(int, char** argv) {
  char six[6];
  const int one = open(argv[1], O_RDONLY);
  const int copy = dup(one);
  const int other = open(argv[1], O_RDONLY);
  if (read(one, six, sizeof six) != sizeof six) return 1;
  dprintf(1, "one at %ld, its copy at %ld, the other at %ld\n", at(one), at(copy), at(other));
}
