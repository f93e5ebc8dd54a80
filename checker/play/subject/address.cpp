#include "play/subject/address.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>

namespace play {
namespace {

[[noreturn]] void is_none(const std::string& text) { throw std::invalid_argument("no address of a socket: " + text); }

socklen_t unix_name(const std::string& path, sockaddr_storage& name) {
  auto& where = reinterpret_cast<sockaddr_un&>(name);
  if (path.size() > sizeof where.sun_path) is_none(path);
  where.sun_family = AF_UNIX;
  std::memcpy(static_cast<void*>(where.sun_path), path.data(), path.size());
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
}

socklen_t tcp_name(const std::string& host, int port, sockaddr_storage& name) {
  auto& four = reinterpret_cast<sockaddr_in&>(name);
  auto& six = reinterpret_cast<sockaddr_in6&>(name);
  if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(static_cast<std::uint16_t>(port));
    return sizeof four;
  }
  if (inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) != 1) is_none(host);
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(static_cast<std::uint16_t>(port));
  return sizeof six;
}

}  // namespace

Address::Address(const std::string& text) {
  if (text.starts_with("unix:") && text.size() > 5) {
    place_ = text.substr(5);
    return;
  }
  const size_t colon = text.rfind(':');
  if (!text.starts_with("tcp:") || colon < 5) is_none(text);
  place_ = text.substr(4, colon - 4);
  if (place_.front() == '[' && place_.back() == ']') place_ = place_.substr(1, place_.size() - 2);
  const std::string digits = text.substr(colon + 1);
  if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos) is_none(text);
  port_ = std::stoi(digits);
  if (port_ > 65535) is_none(text);
}

std::string Address::text() const {
  if (is_unix()) return "unix:" + place_;
  if (place_.find(':') == std::string::npos) return fmt::format("tcp:{}:{}", place_, port_);
  return fmt::format("tcp:[{}]:{}", place_, port_);
}

Address Address::with_port(int port) const {
  Address other = *this;
  other.port_ = port;
  return other;
}

Address Address::with_host(const std::string& host) const {
  Address other = *this;
  other.place_ = host;
  return other;
}

socklen_t Address::name(sockaddr_storage& name) const { return is_unix() ? unix_name(place_, name) : tcp_name(place_, port_, name); }

base::Fd Address::connected() const {
  sockaddr_storage where{};
  const socklen_t size = name(where);
  base::Fd fd(base::must(socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&where), size) == 0 || errno == EINPROGRESS) return fd;
  const int refused = errno;
  fd.reset();
  errno = refused;
  return fd;
}

base::Fd Address::listening() const {
  sockaddr_storage where{};
  const socklen_t size = name(where);
  base::Fd fd(base::must(socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&where), size) < 0) {
    const int refused = errno;
    fd.reset();
    errno = refused;
    return fd;
  }
  base::must(listen(fd.get(), SOMAXCONN), "listen");
  return fd;
}

}  // namespace play
