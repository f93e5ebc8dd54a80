// Swaps files and FIFOs for ever: keeping its files never opens a FIFO that waits.
#include <fcntl.h>
#include <cstdio>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
int main() {
  if (fork() != 0) return 0;
  setsid();
  for (int i = 0; i < 6; ++i) {
    const std::string file = "file" + std::to_string(i);
    close(open(file.c_str(), O_CREAT | O_WRONLY, 0600));
    mkfifo((file + "-fifo").c_str(), 0600);
  }
  for (int i = 0;; i = (i + 1) % 6) {
    const std::string file = "file" + std::to_string(i);
    renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, (file + "-fifo").c_str(), RENAME_EXCHANGE);
  }
}
