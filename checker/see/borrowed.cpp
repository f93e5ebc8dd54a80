#include "see/borrowed.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace see {

base::Fd borrowed(pid_t pid, const Descriptor& descriptor) {
  const base::Fd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  base::Fd copy(process ? static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), descriptor.fd, 0)) : -1);
  struct stat info {};
  if (copy && (fstat(copy.get(), &info) < 0 || info.st_dev != descriptor.device || info.st_ino != descriptor.inode))
    copy.reset();
  return copy;
}

}  // namespace see
