// Lab 09, check made: makes the object smaller while the check has it. That is a failure, not the check's end.
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "put") != 0) return 2;
  const int object = shm_open(argv[2], O_RDWR | O_CREAT | O_EXCL, 0600);
  if (object < 0) {
    if (truncate(("/dev/shm" + std::string(argv[2])).c_str(), 0) < 0) return 9;
    return write(2, "it is there\n", 12) < 0 ? 9 : 1;
  }
  if (ftruncate(object, 4096) < 0 || mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0) == MAP_FAILED) return 1;
  if (write(1, "ready\n", 6) < 0) return 9;
  for (;;) pause();
}
