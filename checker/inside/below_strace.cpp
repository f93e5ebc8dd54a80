// below_strace FD PROGRAM [ARG...]: stands between strace and a program. strace keeps a right that no program may have, and what
// it writes to is at descriptor FD: both were handed down by exec, and go here. First it waits until the check, which holds the
// other end of FD + 1, has seen who will be the program. Run by checks inside a room; needs nothing of the checker.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int report = std::atoi(argv[1]);
  char byte;
  while (read(report + 1, &byte, 1) < 0 && errno == EINTR) {}
  close_range(static_cast<unsigned>(report), ~0U, 0);
  // What is not inheritable any more is not ambient either (capabilities(7)): exec leaves nothing.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capset, &header, none) < 0) {
    std::perror("capset");
    return 127;
  }
  execv(argv[2], argv + 2);
  std::perror(argv[2]);
  return 127;
}
