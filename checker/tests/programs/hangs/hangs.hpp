// What the programs that are stuck for ever have in common (main.cpp says what they are).
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace hangs {

using Named = std::map<std::string, std::function<void()>>;

inline char byte;
inline void heard(int) {}
inline void must(bool fine) {
  if (!fine) std::perror("hangs"), _exit(3);
}
inline void collect_all() {
  while (wait(nullptr) > 0) {}
}
inline pid_t child(const std::function<void()>& life) {
  const pid_t pid = fork();
  if (pid == 0) life(), _exit(0);
  return pid;
}
inline void fill(int fd) {
  const std::string much(1 << 20, 'x');
  must(write(fd, much.data(), much.size()) > 0);
}

struct Two {
  int ends[2];
  Two() { must(pipe(ends) == 0); }
};

inline void write_end_in_parent() {
  Two p;
  const pid_t reader = child([&] {
    close(p.ends[1]);
    must(read(p.ends[0], &byte, 1) >= 0);
  });
  waitpid(reader, nullptr, 0);
}

extern const Named on_pipes, on_objects, on_others, without_end;

}  // namespace hangs
