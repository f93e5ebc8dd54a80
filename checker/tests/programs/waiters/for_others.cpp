// They wait for a process, a thread, a peer or the disk.
#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "waiters.hpp"

namespace waiters {
namespace {

void ping_pong() {
  int there[2], back[2];
  if (pipe(there) < 0 || pipe(back) < 0) _exit(1);
  char ball = 'o';
  if (fork() == 0) {
    for (int i = 0; i < 5000 && read(there[0], &ball, 1) == 1; ++i)
      if (write(back[1], &ball, 1) != 1) break;
    _exit(0);
  }
  for (int i = 0; i < 5000; ++i)
    if (write(there[1], &ball, 1) != 1 || read(back[0], &ball, 1) != 1) _exit(1);
  collect_all();
}

// Small writes without TCP_NODELAY against delayed acknowledgements: only timers in the kernel move this on.
void nagle() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) < 0 || listen(listener, 1) < 0) _exit(1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  if (fork() == 0) {
    const int c = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c, reinterpret_cast<sockaddr*>(&address), size) < 0) _exit(1);
    char answer;
    for (int i = 0; i < 3; ++i)
      if (write(c, "a", 1) != 1 || write(c, "b", 1) != 1 || read(c, &answer, 1) != 1) _exit(1);
    _exit(0);
  }
  const int s = accept(listener, nullptr, nullptr);
  char two[2];
  for (int i = 0; i < 3; ++i) {
    for (size_t got = 0; got < 2;) got += static_cast<size_t>(std::max<ssize_t>(0, read(s, two + got, 2 - got)));
    if (write(s, "!", 1) != 1) _exit(1);
  }
  collect_all();
}

// The client says nothing: the kernel gives the connection away when its own time is over.
void deferred_accept() {
  const int second = 1, listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &second, sizeof second);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) < 0 || listen(listener, 1) < 0) _exit(1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  if (connect(client, reinterpret_cast<sockaddr*>(&address), size) < 0 || accept(listener, nullptr, nullptr) < 0)
    _exit(1);
}

void socket_timeout() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) _exit(1);
  const timeval limit{0, brief * 1000};
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char byte;
  if (recv(ends[0], &byte, 1, 0) >= 0) _exit(1);
}

void vfork_of_a_sleeper() {
  const pid_t child = vfork();
  if (child == 0) {
    execl("/bin/sleep", "sleep", "0.06", nullptr);
    _exit(127);
  }
  collect_all();
}

void computing_child() {
  if (fork() == 0) {
    volatile unsigned x = 1;
    for (unsigned i = 0; i < 60000000; ++i) x = x * 3 + 1;
    _exit(0);
  }
  collect_all();
}

void twenty_sleepers() {
  for (int i = 0; i < 20; ++i)
    if (fork() == 0) fall_asleep(20 + 5 * i), _exit(0);
  collect_all();
}

void many_forks() {
  for (int i = 0; i < 400; ++i) {
    if (fork() == 0) _exit(0);
    wait(nullptr);
  }
}

void file_sync() {
  const int fd = open("big", O_RDWR | O_CREAT, 0600);
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 50; ++i)
    if (write(fd, block.data(), block.size()) < 0) _exit(1);
  fsync(fd);
}

void sleeping_thread() {
  std::thread other([] { fall_asleep(brief); });
  other.join();
}

void stopped_and_continued() {
  const pid_t child = fork();
  if (child == 0) raise(SIGSTOP), _exit(0);
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  fall_asleep(brief);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
}

}  // namespace

const Named for_others{
    {"computing-child", computing_child},
    {"vfork", vfork_of_a_sleeper},
    {"ping-pong", ping_pong},
    {"nagle", nagle},
    {"twenty-sleepers", twenty_sleepers},
    {"many-forks", many_forks},
    {"fsync", file_sync},
    {"stopped-and-continued", stopped_and_continued},
    {"sleeping-thread", sleeping_thread},
    {"deferred-accept", deferred_accept},
    {"socket-timeout", socket_timeout},
};

}  // namespace waiters
