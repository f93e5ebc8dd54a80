// Words to a socket address, a connection there, and a listener (unix(7), ip(7), ipv6(7)). Knows no names of hosts.
#pragma once

#include <string>

#include "base/fd.hpp"

struct sockaddr_storage;

namespace play {

/// Where a server listens: "unix:door", "tcp:127.0.0.1:4711", "tcp:[::1]:4711".
class Address {
 public:
  /// Throws std::invalid_argument for anything else.
  explicit Address(const std::string& text);

  std::string text() const;
  bool is_unix() const { return port_ < 0; }
  std::string path() const { return is_unix() ? place_ : ""; }
  int port() const { return port_; }  ///< -1: a unix one has none
  Address with_port(int port) const;
  Address with_host(const std::string& host) const;

  /// A socket of its family that has a connection there, or has asked for one and does not block: see connect(2) for errno.
  /// Empty where it was refused.
  base::Fd connected() const;
  /// A socket that listens there, with the longest backlog there is. Empty where bind(2) refuses: see errno.
  base::Fd listening() const;

 private:
  Address() = default;
  unsigned name(sockaddr_storage& name) const;
  std::string place_;  ///< a path, or a host without brackets
  int port_ = -1;
};

}  // namespace play
