// echod - answers the requests of many clients at once, on UNIX and TCP sockets
//
//   $ ./echod unix:door tcp:127.0.0.1:0 &
//   listening unix:door
//   listening tcp:127.0.0.1:41234
//   $ exec 3<>/dev/tcp/127.0.0.1/41234          # bash
//   $ printf '\0\0\0\6rhello' >&3 ; head -c 9 <&3 | od -An -c
//     \0  \0  \0 005   o   l   l   e   h
//
// The handout is labs/11-sockets/README.md.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "address.hpp"
#include "must.hpp"

using Clock = std::chrono::steady_clock;

// The longest that may follow a request's length.
constexpr uint32_t longest = 65536;
// As much may wait in `out` before its client is read from again: who does not read is not read from either.
constexpr size_t enough = 256 * 1024;

// A connection, and what is on its way through it.
struct Client {
  int fd = -1;
  std::string in = {};   // has come, and is no whole frame yet
  std::string out = {};  // answers that the kernel has not taken yet
  bool over = false;     // nothing more is taken in: end-of-file has come, or nonsense
  bool gone = false;     // nobody is there any more
};

// Given. Four bytes, the most significant first, and back.
[[maybe_unused]] static std::string length_bytes(uint32_t n) {
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}
[[maybe_unused]] static uint32_t length_at(std::string_view bytes) {
  uint32_t n = 0;
  for (const char c : bytes.substr(0, 4)) n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

// Given. What a request means: appends its answer. False: there is no such operation.
[[maybe_unused]] static bool answer(char operation, std::string_view payload, std::string& out) {
  std::string text;
  if (operation == 'e') text = payload;
  else if (operation == 'r') text.assign(payload.rbegin(), payload.rend());
  else if (operation == 'c') text = std::to_string(payload.size());
  else return false;
  out += length_bytes(static_cast<uint32_t>(text.size())) + text;
  return true;
}

// Asked when bind() found the name taken. True: a socket has it that nobody listens on any more.
static bool is_left_over(const Address& address) {
  struct stat is {};
  if (lstat(address.path.c_str(), &is) < 0 || !S_ISSOCK(is.st_mode)) return false;  // a plain file refuses connect() too
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool refused = probe >= 0 && connect(probe, &address.name.any, address.size) < 0 && errno == ECONNREFUSED;
  close(probe);
  return refused;
}

// Makes the socket of one ADDRESS, and writes the port that it got into address.text. -1 and errno: refused.
static int listen_on(Address& address) {
  const int fd = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  if (address.family() == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);  // [::] is not 0.0.0.0
  if (!address.is_local()) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  int bound = bind(fd, &address.name.any, address.size);
  if (bound < 0 && errno == EADDRINUSE && address.is_local()) {
    if (is_left_over(address)) unlink(address.path.c_str()), bound = bind(fd, &address.name.any, address.size);
    else errno = EADDRINUSE;
  }
  if (bound < 0 || listen(fd, SOMAXCONN) < 0) return -1;
  if (!address.is_local()) {
    if (getsockname(fd, &address.name.any, &address.size) < 0) return -1;
    address.text = with_port(address.text, ntohs(address.family() == AF_INET6 ? address.name.ip6.sin6_port : address.name.ip4.sin_port));
  }
  return fd;
}

// Takes the client that has come. False: there is no descriptor left for it.
static bool accept_one(int listener, std::vector<Client>& clients) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) clients.push_back({.fd = fd});
  return fd >= 0 || (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM);
}

// Takes a part of what has come, and leaves the rest for the next round: the others wait too.
static void receive(Client& client) {
  char bytes[65536];
  const ssize_t size = recv(client.fd, bytes, sizeof bytes, 0);
  if (size > 0) client.in.append(bytes, static_cast<size_t>(size));
  else if (size == 0) client.over = true;
  else if (errno != EAGAIN && errno != EINTR) client.gone = true;
}

// Answers every whole frame that has come.
static void digest(Client& client) {
  size_t at = 0;
  while (client.in.size() - at >= 4) {
    const std::string_view frame = std::string_view(client.in).substr(at);
    const uint32_t size = length_at(frame);
    const bool believed = size >= 1 && size <= longest;
    if (believed && frame.size() - 4 < size) break;
    if (!believed || !answer(frame[4], frame.substr(5, size - 1), client.out)) {
      client.over = true;
      client.in.clear();
      return;
    }
    at += 4 + size;
  }
  client.in.erase(0, at);
}

// Hands the kernel as much as it takes now.
static void send_out(Client& client) {
  while (!client.out.empty()) {
    const ssize_t size = send(client.fd, client.out.data(), client.out.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      client.gone = errno != EAGAIN;
      return;
    }
    client.out.erase(0, static_cast<size_t>(size));
  }
}

// Whether more is read from it now.
static bool takes_more(const Client& client) { return !client.over && client.out.size() < enough; }

// Whether its connection is closed now.
static bool is_done(const Client& client) { return client.gone || (client.over && client.out.empty()); }

// What a client is asked for: poll() returns when one of these is so.
static short wanted(const Client& client) {
  return static_cast<short>((takes_more(client) ? POLLIN : 0) | (client.out.empty() ? 0 : POLLOUT));
}

// Runs when poll() has said something of this client.
[[maybe_unused]] static void serve(Client& client) {
  if (takes_more(client)) receive(client);
  digest(client);
  if (!client.gone) send_out(client);
}

// Runs until SIGTERM has come and nobody is owed an answer, or a second later.
static void run(int stop, std::vector<int> listeners) {
  std::vector<Client> clients;
  bool full = false;  // no descriptor is left: nobody is accepted before one has been closed
  bool stopping = false;
  Clock::time_point end;
  while (!stopping || (!clients.empty() && Clock::now() < end)) {
    std::vector<pollfd> asked{{stopping ? -1 : stop, POLLIN, 0}};
    for (const int fd : listeners) asked.push_back({full || stopping ? -1 : fd, POLLIN, 0});
    for (const Client& client : clients) asked.push_back({client.fd, wanted(client), 0});
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    const int ready = poll(asked.data(), asked.size(), stopping ? static_cast<int>(std::max<long>(left.count(), 0)) : -1);
    if (ready < 0 && errno == EINTR) continue;
    must(ready, "poll");

    const size_t first = 1 + listeners.size(), known = clients.size();
    for (size_t i = 0; i < known; ++i)
      if (asked[first + i].revents) serve(clients[i]);
    for (size_t i = 1; i < first; ++i)
      if (asked[i].revents && !accept_one(asked[i].fd, clients)) full = true;
    std::vector<Client> stay;
    for (Client& client : clients) {
      if (!is_done(client)) stay.push_back(std::move(client));
      else close(client.fd), full = false;
    }
    clients.swap(stay);
    if (asked[0].revents) {
      stopping = true;
      end = Clock::now() + std::chrono::seconds(1);
      for (const Client& client : clients) shutdown(client.fd, SHUT_RD);  // what has come can be read still; then it is over
    }
  }
}

// Given. A descriptor that can be read when SIGTERM or SIGINT has come (lab 05).
static int signals_as_descriptor() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  must(sigprocmask(SIG_BLOCK, &stop, nullptr), "sigprocmask");
  return must(signalfd(-1, &stop, SFD_CLOEXEC), "signalfd");
}

int main(int, char** argv) {
  std::vector<Address> addresses;
  for (++argv; *argv; ++argv) {
    const auto address = parse_address(*argv);
    if (!address) return usage();
    addresses.push_back(*address);
  }
  if (addresses.empty()) return usage();

  const int stop = signals_as_descriptor();
  std::vector<int> listeners;
  int status = 0;
  for (Address& address : addresses) {
    const int fd = listen_on(address);
    if (fd < 0) {
      say(address.text, strerror(errno));
      status = 1;
      break;
    }
    listeners.push_back(fd);
    print("listening " + address.text);
  }
  if (status == 0) run(stop, listeners);
  for (size_t i = 0; i < listeners.size(); ++i)
    if (addresses[i].is_local()) unlink(addresses[i].path.c_str());
  return status;
}
