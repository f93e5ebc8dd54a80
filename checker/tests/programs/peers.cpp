// Programs that talk by other means than pipes, to prove that the words of a check carry later labs:
// a terminal, a full message queue, a semaphore set, shared memory, sockets. `peers NAME [ARG...]`.
#include <arpa/inet.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void say(const std::string& line) {
  if (write(1, (line + "\n").data(), line.size() + 1) < 0) _exit(1);
}

void on_interrupt(int) {
  if (write(1, "caught SIGINT\n", 14) < 0) _exit(1);
}

// Catches Ctrl-C and goes on; its child, in the foreground group too, dies of it.
int front() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  int ready[2];
  if (pipe(ready) < 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    if (write(ready[1], "r", 1) != 1) _exit(1);
    for (;;) pause();
  }
  char byte;
  if (read(ready[0], &byte, 1) != 1) return 1;
  say("ready");
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {}
  say("child ended by " + std::to_string(WTERMSIG(status)));
  return 0;
}

// A child behind reads from the terminal and is stopped; brought to the front it goes on.
int behind() {
  signal(SIGTTOU, SIG_IGN);
  const pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    execl("/proc/self/exe", "reader", "reader", nullptr);
    _exit(127);
  }
  setpgid(child, child);
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  say("stopped by " + std::to_string(WSTOPSIG(status)));
  tcsetpgrp(0, child);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  tcsetpgrp(0, getpgrp());
  say("reader ended with " + std::to_string(WEXITSTATUS(status)));
  return 0;
}

int reader() {
  char line[80];
  const ssize_t got = read(0, line, sizeof line);
  return got > 0 ? static_cast<int>(got) : 99;
}

int queue(const char* name) {
  mq_attr attributes{};
  attributes.mq_maxmsg = 2;
  attributes.mq_msgsize = 16;
  const mqd_t q = mq_open(name, O_WRONLY | O_CREAT, 0600, &attributes);
  for (int i = 1; i <= 4; ++i)
    if (mq_send(q, std::to_string(i).c_str(), 1, 0) < 0) return 1;
  say("sent");
  return 0;
}

// Makes queues of the default size, until there may be no more; says how many, and stays.
int hoard(const char* name) {
  int made = 0;
  while (mq_open((name + std::to_string(made)).c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, nullptr) >= 0) ++made;
  say("made " + std::to_string(made));
  pause();
  return 0;
}

// Waits for a letter of this type in the System V queue of this key, and prints it; the empty one is the end.
int letters(const char* key, const char* type) {
  const int q = msgget(static_cast<key_t>(std::strtoul(key, nullptr, 0)), 0);
  struct {
    long type;
    char text[64];
  } letter{};
  for (ssize_t size; (size = msgrcv(q, &letter, sizeof letter.text, std::atol(type), 0)) > 0;)
    say(std::to_string(letter.type) + " " + std::string(letter.text, static_cast<size_t>(size)));
  return 0;
}

// Waits in poll(2) until something is in the queue.
int polls(const char* name) {
  pollfd ready{mq_open(name, O_RDONLY), POLLIN, 0};
  return poll(&ready, 1, -1) == 1 ? 0 : 1;
}

int permits() {
  const int set = semget(IPC_PRIVATE, 1, 0600);
  say("set " + std::to_string(set));
  sembuf take{0, -1, 0};
  if (semop(set, &take, 1) < 0) return 1;
  say("entered");
  return 0;
}

int serve(int listener, const std::string& where) {
  if (listen(listener, 8) < 0) return 1;
  say("ready " + where);
  for (;;) {
    const int c = accept(listener, nullptr, nullptr);
    char text[256];
    for (ssize_t got; (got = read(c, text, sizeof text)) > 0;)
      if (write(c, text, static_cast<size_t>(got)) != got) break;
    close(c);
  }
}

int tcp() {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(s, reinterpret_cast<sockaddr*>(&address), size) < 0) return 1;
  getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
  return serve(s, std::to_string(ntohs(address.sin_port)));
}

// Sleeps until the word at byte 8 of the object is no longer 0. `how`: on a word of memory that is "shared", the same
// by a futex that is "private", or of a "copy".
int memory(const char* object, const std::string& how) {
  const int fd = shm_open(object, O_RDWR, 0);
  void* at = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, how == "copy" ? MAP_PRIVATE : MAP_SHARED, fd, 0);
  if (fd < 0 || at == MAP_FAILED) return 1;
  auto* word = static_cast<volatile unsigned*>(at) + 2;
  say("ready");
  const int operation = how == "private" ? FUTEX_WAIT | FUTEX_PRIVATE_FLAG : FUTEX_WAIT;
  while (*word == 0) {
    syscall(SYS_futex, word, operation, 0, nullptr);
    if (*word == 0) say("woken for nothing");
  }
  say("woken");
  return 0;
}

int local(const char* path) {
  const int s = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  if (bind(s, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) return 1;
  return serve(s, path);
}

// Waits for its input in another call than read(2), to read it then. With "output" it fills its standard output instead.
int waits_otherwise(const std::string& how) {
  char byte = 0;
  iovec one{&byte, 1};
  if (how == "readv") return readv(STDIN_FILENO, &one, 1) == 1 ? 0 : 1;
  const bool output = how == "output";
  fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
  while (output && write(STDOUT_FILENO, "x", 1) == 1) {
  }
  pollfd ready{output ? STDOUT_FILENO : STDIN_FILENO, static_cast<short>(output ? POLLOUT : POLLIN), 0};
  return poll(&ready, 1, -1) == 1 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "front") return front();
  if (name == "behind") return behind();
  if (name == "reader") return reader();
  if (name == "queue" && argc == 3) return queue(argv[2]);
  if (name == "hoard" && argc == 3) return hoard(argv[2]);
  if (name == "letters" && argc == 4) return letters(argv[2], argv[3]);
  if (name == "polls" && argc == 3) return polls(argv[2]);
  if (name == "memory" && argc == 4) return memory(argv[2], argv[3]);
  if (name == "waits" && argc == 3) return waits_otherwise(argv[2]);
  if (name == "permits") return permits();
  if (name == "tcp") return tcp();
  if (name == "local" && argc == 3) return local(argv[2]);
  return 2;
}
