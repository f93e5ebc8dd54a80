// Given. Where `echod` is told to listen, understood and written again. Nothing here is the lesson.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// One ADDRESS: as it was given, and as the kernel wants it (bind(2), connect(2)).
struct Address {
  std::string text;
  std::string path;  // of a unix one; empty: it is tcp
  union {
    sockaddr any;
    sockaddr_un local;
    sockaddr_in ip4;
    sockaddr_in6 ip6;
  } name{};
  socklen_t size = 0;

  bool is_local() const { return !path.empty(); }
  int family() const { return name.any.sa_family; }
};

// Decimal digits only, 0 to 65535; nothing where it is none.
inline std::optional<int> parse_port(const std::string& text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
  const int port = std::stoi(text);
  return port <= 65535 ? std::optional(port) : std::nullopt;
}

// unix:PATH, tcp:HOST:PORT or tcp:[HOST]:PORT; nothing where it is none of them.
inline std::optional<Address> parse_address(const std::string& text) {
  Address address;
  address.text = text;
  if (text.starts_with("unix:")) {
    address.path = text.substr(5);
    // One byte of the 108 is for the NUL behind it.
    if (address.path.empty() || address.path.size() >= sizeof address.name.local.sun_path) return {};
    address.name.local.sun_family = AF_UNIX;
    std::memcpy(address.name.local.sun_path, address.path.c_str(), address.path.size() + 1);
    address.size = sizeof address.name.local;
    return address;
  }
  const size_t colon = text.rfind(':');
  if (!text.starts_with("tcp:") || colon < 5) return {};
  std::string host = text.substr(4, colon - 4);
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return {};
  if (host.starts_with("[") && host.ends_with("]")) {
    host = host.substr(1, host.size() - 2);
    address.name.ip6.sin6_family = AF_INET6;
    address.name.ip6.sin6_port = htons(static_cast<uint16_t>(*port));
    address.size = sizeof address.name.ip6;
    if (inet_pton(AF_INET6, host.c_str(), &address.name.ip6.sin6_addr) != 1) return {};
  } else {
    address.name.ip4.sin_family = AF_INET;
    address.name.ip4.sin_port = htons(static_cast<uint16_t>(*port));
    address.size = sizeof address.name.ip4;
    if (inet_pton(AF_INET, host.c_str(), &address.name.ip4.sin_addr) != 1) return {};
  }
  return address;
}

// The same ADDRESS with another port in its place: for one that was asked for as 0.
inline std::string with_port(const std::string& text, int port) {
  return text.substr(0, text.rfind(':') + 1) + std::to_string(port);
}

inline int usage() {
  dprintf(STDERR_FILENO, "usage: echod ADDRESS...    ADDRESS: unix:PATH, tcp:HOST:PORT or tcp:[HOST]:PORT\n");
  return 2;
}

// One line on standard error.
inline void say(const std::string& what, const std::string& why) {
  dprintf(STDERR_FILENO, "echod: %s: %s\n", what.c_str(), why.c_str());
}

// One line on standard output, at once.
inline void print(const std::string& line) { dprintf(STDOUT_FILENO, "%s\n", line.c_str()); }
