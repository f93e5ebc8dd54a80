#include "base/fd.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace base {

void fail(std::string_view what) { throw std::system_error(errno, std::generic_category(), std::string(what)); }

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Fd::release() noexcept { return std::exchange(fd_, -1); }

void Fd::reset() noexcept {
  // close(2) is never retried: on Linux the descriptor is gone even after EINTR.
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Pipe make_pipe() {
  int ends[2];
  must(pipe2(ends, O_CLOEXEC), "pipe2");
  return {Fd(ends[0]), Fd(ends[1])};
}

Fd open_file(const std::string& path, int flags, mode_t mode) {
  int fd = -1;
  do fd = open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  return Fd(must(fd, "cannot open " + path));
}

std::string read_some(int fd, size_t most) {
  std::string bytes(most, '\0');
  ssize_t got = 0;
  do got = read(fd, bytes.data(), bytes.size());
  while (got < 0 && errno == EINTR);
  bytes.resize(static_cast<size_t>(must(got, "read")));
  return bytes;
}

std::string read_all(int fd, size_t most) {
  std::string all;
  for (;;) {
    const std::string some = read_some(fd, 1 << 16);
    if (some.empty()) return all;
    all += some;
    if (all.size() > most) throw std::system_error(EFBIG, std::generic_category(), "read");
  }
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    bytes.remove_prefix(static_cast<size_t>(must(put, "write")));
  }
}

std::string read_file(const std::string& path) { return read_all(open_file(path, O_RDONLY).get()); }

void write_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string half = path + "." + std::to_string(getpid()) + ".part";
  try {
    const Fd fd = open_file(half, O_WRONLY | O_CREAT | O_TRUNC, mode);
    write_all(fd.get(), bytes);
    must(rename(half.c_str(), path.c_str()), "rename");
  } catch (const std::system_error& e) {
    unlink(half.c_str());
    throw std::system_error(e.code(), "cannot write " + path);
  }
}

void set_nonblocking(int fd) { must(fcntl(fd, F_SETFL, must(fcntl(fd, F_GETFL), "fcntl") | O_NONBLOCK), "fcntl"); }

}  // namespace base
