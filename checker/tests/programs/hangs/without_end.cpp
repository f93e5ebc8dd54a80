// Not stuck, and never at an end: what uses up time or memory.
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hangs.hpp"

namespace hangs {
namespace {

// Never the same twice, and never at an end.
void prints_on() {
  for (int i = 0;; ++i) std::printf("%d\n", i), std::fflush(stdout), usleep(1000);
}
void spins_on() {
  for (volatile bool forever = true; forever;) {}
}

// Memory that no process has mapped: in files without a name, and in sockets.
void hold_memfds() {
  for (int i = 0; i < 40; ++i) must(fallocate(memfd_create("m", 0), 0, 0, 32 << 20) == 0);
  spins_on();
}

void hold_sockets() {
  const std::string much(1 << 17, 's');
  for (int i = 0; i < 30; ++i)
    child([&] {
      for (int pair = 0; pair < 115; ++pair) {
        int ends[2];
        must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
        for (const int end : ends)
          while (write(end, much.data(), much.size()) > 0) {}
      }
      pause();
    });
  spins_on();
}

// A process that nearly always waits for a CPU, beside others that live for less than a tick each, follow one another
// and are collected by nobody: neither budget sees much of it.
void unseen_and_nice() {
  const auto spin = [](long nanoseconds) {
    timespec from{}, now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec < nanoseconds);
  };
  signal(SIGCHLD, SIG_IGN);
  for (int i = 0; i < 24; ++i)
    child([&] {
      do spin(5000000);
      while (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr) == 0);
    });
  setpriority(PRIO_PROCESS, 0, 19);
  for (;;) spin(20000), usleep(100);
}

}  // namespace

const Named without_end{
    {"prints", prints_on},
    {"spins", spins_on},
    {"memfds", hold_memfds},
    {"sockets", hold_sockets},
    {"unseen-and-nice", unseen_and_nice},
};

}  // namespace hangs
