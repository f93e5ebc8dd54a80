#include "base/passing.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace base {
namespace {

constexpr size_t most_in_one = 253;  // SCM_MAX_FD

/// One piece of content, with room for as many descriptors as the kernel passes at once.
struct Message {
  iovec content{};
  alignas(cmsghdr) char control[CMSG_SPACE(most_in_one * sizeof(int))] = {};
  msghdr head{};
  explicit Message(std::span<char> bytes) : content{bytes.data(), bytes.size()} {
    head.msg_iov = &content;
    head.msg_iovlen = 1;
  }
};

}  // namespace

Pipe make_socket_pair() {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  return {Fd(ends[0]), Fd(ends[1])};
}

ssize_t send_with(int socket, std::string_view bytes, std::span<const int> fds, int flags) {
  // sendmsg(2) does not write into what it sends.
  Message message({const_cast<char*>(bytes.data()), bytes.size()});
  if (!fds.empty()) {
    message.head.msg_control = message.control;
    message.head.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* first = CMSG_FIRSTHDR(&message.head);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(first), fds.data(), fds.size_bytes());
  }
  return sendmsg(socket, &message.head, flags | MSG_NOSIGNAL);
}

ssize_t receive_with(int socket, std::span<char> bytes, std::vector<Fd>& fds, int flags) {
  Message message(bytes);
  message.head.msg_control = message.control;
  message.head.msg_controllen = sizeof message.control;
  const ssize_t got = recvmsg(socket, &message.head, flags | MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message.head); one != nullptr; one = CMSG_NXTHDR(&message.head, one)) {
    if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = CMSG_LEN(0); at + sizeof(int) <= one->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, reinterpret_cast<const char*>(one) + at, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return got;
}

void hand_over(int socket, int fd) {
  must(send_with(socket, "+", std::span(&fd, 1)), "sendmsg");  // a descriptor needs a byte to come with
}

std::string read_all(int socket, Fd& handed) {
  std::string all;
  for (;;) {
    char piece[256];
    std::vector<Fd> fds;
    const ssize_t got = receive_with(socket, piece, fds);
    if (got < 0 && errno == EINTR) continue;
    if (must(got, "recvmsg") == 0) return all;
    // What came with a descriptor is never glued to what was sent before or after it.
    if (fds.empty()) all.append(piece, static_cast<size_t>(got));
    else handed = std::move(fds.front());
  }
}

}  // namespace base
