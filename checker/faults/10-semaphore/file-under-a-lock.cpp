// Fails: posix-made sysv-made
//
// No semaphore at all: the number of free permits stands in a file, which is read and written under flock(2).
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

#include "command.hpp"
#include "command_line.hpp"

static int file = -1;

// Adds to the number under the lock, unless it would fall below 0. The number there is now; -1 where it was refused.
static int add(int change, int at_first) {
  flock(file, LOCK_EX);
  int number = at_first;
  const bool there = pread(file, &number, sizeof number, 0) == sizeof number;
  number = (there ? number : at_first) + change;
  const bool done = number >= 0 && pwrite(file, &number, sizeof number, 0) == sizeof number;
  flock(file, LOCK_UN);
  return done ? number : -1;
}

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (order.verb.empty()) return usage();
  const std::string path = "/tmp/limit" + std::string(order.sysv ? "-" : "") + order.name.substr(order.sysv ? 0 : 1);
  if (order.verb == "drop") return unlink(path.c_str()) < 0 ? 125 : 0;
  file = open(path.c_str(), O_RDWR | O_CLOEXEC | (order.verb == "run" ? O_CREAT : 0), 0600);
  if (file < 0) return 125;
  if (order.verb == "stat") return dprintf(STDOUT_FILENO, "free %d\n", add(0, 0)) < 0;
  while (add(-1, order.n) < 0) {
    if (order.wait != Wait::for_ever) return 124;
    usleep(1000);
  }
  const int status = run(order.command);
  add(1, order.n);
  return status;
}
