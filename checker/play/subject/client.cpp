#include "play/subject/client.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>

namespace play {

std::optional<int> Client::connect(const Address& address, Peer* through, Waited& waited) {
  Stream& mine = *stream_;
  mine.is_tcp = !address.is_unix();
  int refused = 0;
  waited = wait_until(*testbed_, [&] {
    if (!mine.fd) {
      mine.fd = through != nullptr ? through->connected(address) : address.connected();
      refused = mine.fd ? 0 : errno;
      mine.begun = mine.is_tcp && mine.fd;
    }
    if (mine.begun) {
      pollfd ready{mine.fd.get(), POLLOUT, 0};
      if (poll(&ready, 1, 0) <= 0) return false;
      socklen_t size = sizeof refused;
      getsockopt(mine.fd.get(), SOL_SOCKET, SO_ERROR, &refused, &size);
      mine.begun = false;
      if (refused != 0) mine.fd.reset();
    }
    return refused != EAGAIN;
  });
  if (!waited && refused != EAGAIN) return std::nullopt;
  return refused;
}

Verdict Client::reaches(const Address& address) { return reaches(address, nullptr); }

Verdict Client::reaches_through(Peer& peer, const Address& address) { return reaches(address, &peer); }

Verdict Client::reaches(const Address& address, Peer* through) {
  note("connects to " + address.text() + (through != nullptr ? fmt::format(", which process {} does for it", through->pid()) : ""));
  const std::string expected = fmt::format("{} has a connection to {}", name_, address.text());
  Waited waited{};
  const auto refused = connect(address, through, waited);
  if (refused == 0) return Verdict::yes();
  if (!refused) return failed(expected, waited);
  if (refused != EAGAIN) return differs(expected, fmt::format("connect() says {}", strerror(*refused)));
  return failed(expected, waited).where("the listener's backlog is full: connections wait there, and nobody accepts them (accept(2))");
}

Verdict Client::is_refused_at(const Address& address) {
  const std::string expected = fmt::format("nobody listens on {}", address.text());
  Client other(*testbed_, name_);
  Waited waited{};
  const auto refused = other.connect(address, nullptr, waited);
  if (refused == ECONNREFUSED || refused == ENOENT) return Verdict::yes();
  if (!refused) return other.failed(expected, waited);
  return other.differs(expected, *refused == 0 ? "a connection is made" : fmt::format("connect() says {}", strerror(*refused)));
}

}  // namespace play
