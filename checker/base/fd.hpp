// An owned descriptor, and the one place where errno becomes an exception.
// Knows nothing of processes, rooms or checks.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <system_error>

namespace base {

/// Throws std::system_error with the current errno and "what: reason".
[[noreturn]] void fail(std::string_view what);

/// The result of a system call, or an exception when it is negative (errno(3)).
template <class T>
T must(T result, std::string_view what) {
  if (result < 0) fail(what);
  return result;
}

/// Owns one descriptor and closes it. Moves, never copies.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() noexcept;
  void reset() noexcept;

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read_end;
  Fd write_end;
};

/// A pipe whose ends are both close-on-exec (pipe2(2)).
Pipe make_pipe();

/// open(2) with O_CLOEXEC added; throws with the path in the message.
Fd open_file(const std::string& path, int flags, mode_t mode = 0);

/// The next bytes, at most `most`; empty at end-of-file. EINTR is handled inside. Throws on other errors.
std::string read_some(int fd, size_t most);

/// Everything up to end-of-file. Throws EFBIG where that is more than `most` bytes.
std::string read_all(int fd, size_t most = size_t{64} << 20);

/// All of `bytes`, however many write(2) calls it takes.
void write_all(int fd, std::string_view bytes);

/// A whole file; throws when it cannot be opened or read.
std::string read_file(const std::string& path);

/// A whole file written under another name first, so that a reader never sees half of it (rename(2)).
void write_file(const std::string& path, std::string_view bytes, mode_t mode = 0644);

void set_nonblocking(int fd);

}  // namespace base
