// Sleeps on a word of a shared memory object whose name has control codes: the story tells it escaped.
#include <cstdint>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
int main() {
  const int object = shm_open("/\033]0;owned\007\033[2J100", O_RDWR | O_CREAT, 0600);
  if (object < 0 || ftruncate(object, 4096) < 0) return 1;
  void* word = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  syscall(SYS_futex, word, FUTEX_WAIT, 0, nullptr, nullptr, 0);
}
