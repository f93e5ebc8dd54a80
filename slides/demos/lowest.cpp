// lowest - open() takes the lowest number that is free
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

int main() {
  const int a = open("/dev/null", O_RDONLY);
  const int b = open("/dev/null", O_RDONLY);
  close(0);
  const int c = open("/dev/null", O_RDONLY);
  close(a);
  const int d = open("/dev/null", O_RDONLY);
  dprintf(1, "first %d, second %d, with 0 closed %d, with %d closed %d\n", a, b, c, a, d);
}
