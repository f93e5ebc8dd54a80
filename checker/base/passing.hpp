// Bytes that carry descriptors from one process to another (unix(7), SCM_RIGHTS). Knows nothing of who they are.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"

namespace base {

/// Two sockets that are joined, both close-on-exec (socketpair(2)): who writes into one end and who reads from the other.
Pipe make_socket_pair();

/// send(2) with MSG_NOSIGNAL: how many bytes the kernel has taken, or -1 with errno. Copies of `fds`, at most 253, go with the first
/// byte; the caller keeps its own.
ssize_t send_with(int socket, std::string_view bytes, std::span<const int> fds, int flags = 0);

/// recv(2): how many bytes have come, 0 at end-of-file, or -1 with errno. The descriptors that came with them are appended to
/// `fds`, close-on-exec. A read ends behind what carries descriptors, but may begin before it.
ssize_t receive_with(int socket, std::span<char> bytes, std::vector<Fd>& fds, int flags = 0);

/// Hands a copy of `fd` to whoever reads from the other socket.
void hand_over(int socket, int fd);
/// Everything up to end-of-file, and in `handed` the descriptor that was handed over, if one was.
std::string read_all(int socket, Fd& handed);

}  // namespace base
