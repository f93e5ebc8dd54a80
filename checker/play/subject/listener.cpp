#include "play/subject/listener.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "play/verdict/failure.hpp"
#include "play/verdict/obstructed.hpp"

namespace play {
namespace {

/// The check's end of a connection that it has accepted.
class Accepted : public Connection {
 public:
  Accepted(Testbed& testbed, const std::string& other, base::Fd fd, bool is_tcp) : Connection(testbed, "the check", other) {
    stream_->fd = std::move(fd);
    stream_->is_tcp = is_tcp;
  }
};

}  // namespace

Listener::Listener(Testbed& testbed, const Address& address, std::string other)
    : testbed_(&testbed), address_(address), other_(std::move(other)), fd_(std::make_shared<base::Fd>(address.listening())) {
  if (!*fd_ && errno == EADDRINUSE)
    throw Obstructed(fmt::format("nobody has taken {} before the check listens there", address.text()), "it is in use");
  if (!*fd_) base::fail("bind " + address.text());
  testbed.note_act("the check listens on " + this->address().text());
  testbed.on_pump([] { return false; },
                  [fd = fd_](std::vector<pollfd>& polls) {
                    if (*fd) polls.push_back({fd->get(), POLLIN, 0});
                  });
}

Listener::~Listener() {
  if (fd_) fd_->reset();
}

Address Listener::address() const {
  if (address_.is_unix() || !*fd_) return address_;
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  base::must(getsockname(fd_->get(), reinterpret_cast<sockaddr*>(&own), &size), "getsockname");
  return address_.with_port(ntohs(reinterpret_cast<const sockaddr_in&>(own).sin_port));  // the same place in both families
}

bool Listener::somebody_waits() const {
  pollfd ready{fd_->get(), POLLIN, 0};
  return poll(&ready, 1, 0) > 0;
}

Verdict Listener::is_reached(std::optional<Connection>& connection) {
  const std::string expected = fmt::format("{} connects to {}", other_, address().text());
  const Waited waited = wait_until(*testbed_, [&] { return somebody_waits(); });
  if (!waited) return Verdict::no(with_context(*testbed_, failed_wait(*testbed_, expected, waited)));
  base::Fd fd(base::must(accept4(fd_->get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK), "accept4"));
  testbed_->note(other_ + " connects");
  connection.emplace(Accepted(*testbed_, other_, std::move(fd), !address_.is_unix()));
  return Verdict::yes();
}

Verdict Listener::is_reached_by_nobody() {
  const std::string expected = fmt::format("{} connects to nobody at {}", other_, address().text());
  const Waited waited = wait_until(*testbed_, [&] { return somebody_waits(); });
  if (waited) return Verdict::no(with_context(*testbed_, Evidence{.expected = expected, .actual = "it connects"}));
  if (waited.outcome == Waited::Outcome::spent) return Verdict::no(with_context(*testbed_, failed_wait(*testbed_, expected, waited)));
  return Verdict::yes();
}

}  // namespace play
