// torn - four writers on one pipe: are their records still whole when they are read?
//
//   $ ./torn 4096
#include <algorithm>
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "../../labs/must.hpp"

// Runs in a writer: its own letter, `size` times, a thousand times, each in one write().
static void write_records(int fd, char letter, size_t size) {
  const std::string record(size, letter);
  for (int i = 0; i < 1000; ++i) must(static_cast<int>(write(fd, record.data(), size)), "write");
}

int main(int, char** argv) {
  const size_t size = std::stoul(argv[1]);
  int ends[2];
  must(pipe(ends), "pipe");
  for (const char letter : {'a', 'b', 'c', 'd'})
    if (must(fork(), "fork") == 0) write_records(ends[1], letter, size), _exit(0);
  close(ends[1]);
  // The letter changes only where one record ends and another begins, unless a record was torn.
  size_t run = 0, torn = 0;
  char last = 0;
  std::vector<char> bytes(1 << 16);
  for (long got; (got = read(ends[0], bytes.data(), bytes.size())) > 0;)
    for (long i = 0; i < got; ++i, ++run)
      if (bytes[i] != last) torn += run % size != 0, run = 0, last = bytes[i];
  while (wait(nullptr) > 0) {}
  printf("%zu bytes: %s\n", size, torn ? "some records were torn" : "every record whole");
}
