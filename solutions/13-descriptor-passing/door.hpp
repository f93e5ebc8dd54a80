// Given. The socket's path: listening there, and connecting (lab 11). Nothing here is the lesson.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// A path as the kernel wants it. False and errno where it is too long: one byte of the 108 is for the NUL behind it.
inline bool to_address(const std::string& path, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  errno = path.empty() ? ENOENT : ENAMETOOLONG;
  if (path.empty() || path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return true;
}

inline int new_socket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

// A connection to whoever listens there. -1 and errno: nobody.
inline int dial(const std::string& path) {
  sockaddr_un address;
  if (!to_address(path, address)) return -1;
  const int fd = new_socket();
  if (fd >= 0 && connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  const int why = errno;
  if (fd >= 0) close(fd);
  errno = why;
  return -1;
}

// True: a socket has the name, and nobody listens on it any more.
inline bool is_left_over(const std::string& path) {
  struct stat is {};
  if (lstat(path.c_str(), &is) < 0 || !S_ISSOCK(is.st_mode)) return false;
  const int probe = dial(path);
  const bool refused = probe < 0 && errno == ECONNREFUSED;
  if (probe >= 0) close(probe);
  return refused;
}

// Listens at this path. -1 and errno: refused.
inline int listen_at(const std::string& path) {
  sockaddr_un address;
  if (!to_address(path, address)) return -1;
  const int fd = new_socket();
  if (fd < 0) return -1;
  const auto bind_it = [&] { return bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address); };
  int bound = bind_it();
  if (bound < 0 && errno == EADDRINUSE) {
    if (is_left_over(path)) unlink(path.c_str()), bound = bind_it();
    else errno = EADDRINUSE;
  }
  return bound < 0 || listen(fd, SOMAXCONN) < 0 ? -1 : fd;
}
