#include "room/reach.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace room {
namespace {

// openat2(2), or what comes nearest where a sandbox around us refuses it.
int open_beneath(int folder, const std::string& name, int flags, mode_t mode) {
  const int all = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  open_how how{};
  how.flags = static_cast<std::uint64_t>(all);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  int fd = -1;
  do fd = static_cast<int>(syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how));
  while (fd < 0 && (errno == EINTR || errno == EAGAIN));
  const bool unknown = fd < 0 && (errno == ENOSYS || errno == EPERM);
  return unknown && name.find('/') == std::string::npos ? openat(folder, name.c_str(), all, mode) : fd;
}

std::string reason() { return std::strerror(errno); }

// A name that nobody can know beforehand.
std::string fresh_name() {
  std::uint64_t number = 0;
  base::must(getrandom(&number, sizeof number, 0), "getrandom");
  return fmt::format(".{:016x}", number);
}

}  // namespace

std::string kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "a regular file";
    case S_IFDIR: return "a folder";
    case S_IFLNK: return "a symbolic link";
    case S_IFIFO: return "a FIFO";
    case S_IFSOCK: return "a socket";
    default: return "a device";
  }
}

Reach::Reach(const std::string& folder) : folder_(base::open_file(folder, O_PATH | O_DIRECTORY)) {}

Reach Reach::of(const std::string& path, std::string& name) {
  const size_t slash = path.rfind('/');
  name = slash == std::string::npos ? path : path.substr(slash + 1);
  // Only an absolute path names its folder itself: below the working folder a program could have made it a link.
  if (path.starts_with('/')) return Reach(path.substr(0, std::max<size_t>(slash, 1)));
  name = path;
  return Reach(".");
}

std::optional<struct stat> Reach::look(const std::string& name) const {
  struct stat info {};
  if (fstatat(folder_.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0) return std::nullopt;
  return info;
}

base::Fd Reach::open(const std::string& name, int flags) const {
  base::Fd file(open_beneath(folder_.get(), name, flags, 0));
  if (!file) {
    const auto there = look(name);
    if (!there) return {};
    if (!S_ISREG(there->st_mode)) throw Planted("it is " + kind_of(there->st_mode));
    throw Planted("it cannot be opened: " + reason());
  }
  struct stat info {};
  base::must(fstat(file.get(), &info), "fstat");
  if (!S_ISREG(info.st_mode)) throw Planted("it is " + kind_of(info.st_mode));
  return file;
}

std::optional<std::string> Reach::read(const std::string& name) const {
  const base::Fd file = open(name, O_RDONLY);
  if (!file) return std::nullopt;
  try {
    return base::read_all(file.get());
  } catch (const std::system_error& e) {
    throw Planted(std::string("it cannot be read: ") + e.code().message());
  }
}

void Reach::put(const std::string& name, const std::string& bytes, mode_t mode) const {
  const std::string fresh = fresh_name();
  const base::Fd file(open_beneath(folder_.get(), fresh, O_WRONLY | O_CREAT | O_EXCL, mode));
  if (!file) throw Planted("it cannot be made: " + reason());
  try {
    base::write_all(file.get(), bytes);
    base::must(renameat(folder_.get(), fresh.c_str(), folder_.get(), name.c_str()), "rename");
  } catch (const std::system_error& e) {
    unlinkat(folder_.get(), fresh.c_str(), 0);
    throw Planted(std::string("it cannot be written: ") + e.code().message());
  }
}

}  // namespace room
