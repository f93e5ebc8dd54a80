// gate NAME [COMMAND [ARG...]]: waits until the FIFO NAME is opened for writing, then runs COMMAND, or copies its
// input to its output. Run by checks inside a room; needs nothing of the checker.
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int fifo = open(argv[1], O_RDONLY);
  if (fifo < 0) {
    std::perror(argv[1]);
    return 125;
  }
  close(fifo);
  if (argc > 2) {
    execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    return 127;
  }
  char bytes[4096];
  for (ssize_t got; (got = read(0, bytes, sizeof bytes)) > 0;)
    if (write(1, bytes, static_cast<size_t>(got)) != got) return 1;
  return 0;
}
