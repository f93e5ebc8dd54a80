// The TCP sockets of a network namespace, as the kernel lists them (proc_net_tcp(5)). Knows nothing of whose they are.
#pragma once

#include <sys/types.h>
#include <vector>

namespace see {

struct TcpRow {
  unsigned port = 0, peer_port = 0;
  unsigned state = 0;  ///< as the kernel numbers them: 3 SYN_RECV, 10 LISTEN
  unsigned timer = 0;  ///< 1 retransmission or Nagle, 2 keepalive, 3 TIME_WAIT, 4 zero window probe
  unsigned unread = 0;  ///< bytes; of a listener, connections that nobody has accepted
  ino_t inode = 0;
};

/// Those of IPv4 and of IPv6 in the caller's namespace. Empty where the kernel does not tell.
std::vector<TcpRow> tcp_rows();

}  // namespace see
