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
[[maybe_unused]] static bool is_left_over(const Address& address) {
  // TODO 2: is there a socket of this name, and does anybody listen on it? lstat(2), connect(2): which answer means that nobody does?
  // What else may have this name?
  (void)address;
  return false;  // for now
}

// Makes the socket of one ADDRESS, and writes the port that it got into address.text. -1 and errno: refused.
static int listen_on(Address& address) {
  // TODO 1: socket(2), bind(2), listen(2), for an address of any family. Which calls must not wait, once clients come? Which port did
  // you get (getsockname(2), with_port())? May the port be taken while old connections of it are still remembered?
  // Then TODO 2: what if bind() says EADDRINUSE for a path?
  (void)address;
  errno = ENOSYS;
  return -1;  // for now
}

// Takes the client that has come. False: there is no descriptor left for it.
[[maybe_unused]] static bool accept_one(int listener, std::vector<Client>& clients) {
  // TODO 3: accept4(2). Must reading from the new one wait?
  // Beyond the 100 points: what if there is no descriptor left for it?
  (void)listener, (void)clients;
  return true;  // for now
}

// Takes a part of what has come, and leaves the rest for the next round: the others wait too.
static void receive(Client& client) {
  // TODO 4: recv(2). More than 0, 0, or -1: what does each mean for this client, and which errno means nothing at all?
  (void)client;
}

// Answers every whole frame that has come.
static void digest(Client& client) {
  // TODO 5: which frames are whole? Which length do you believe? What stays in `in`?
  (void)client;
}

// Hands the kernel as much as it takes now.
static void send_out(Client& client) {
  // TODO 6: send(2). How much has it taken, and what becomes of the rest? What if nobody is there any more?
  (void)client;
}

// Whether more is read from it now.
static bool takes_more(const Client& client) {
  // TODO 7: from whom is nothing more taken? Beyond the 100 points: what of one who does not read (`enough`)?
  (void)client;
  return false;  // for now
}

// Whether its connection is closed now.
[[maybe_unused]] static bool is_done(const Client& client) {
  // TODO 7: when is a client done? Who has said that it sends no more can still read.
  (void)client;
  return false;  // for now
}

// What a client is asked for: poll() returns when one of these is so.
[[maybe_unused]] static short wanted(const Client& client) {
  // TODO 3: POLLIN, POLLOUT: for what, and when for neither? A socket can nearly always be written.
  (void)client;
  return 0;  // for now
}

// Runs when poll() has said something of this client.
[[maybe_unused]] static void serve(Client& client) {
  if (takes_more(client)) receive(client);
  digest(client);
  if (!client.gone) send_out(client);
}

// Runs until SIGTERM has come and nobody is owed an answer, or a second later.
static void run(int stop, std::vector<int> listeners) {
  // TODO 3: the one place that waits. Add the listeners and the clients to those that are asked, accept who has come, serve() who is
  // ready, close() who is done.
  // Beyond the 100 points: what has come whole before the signal is answered still, and nobody holds you up for more than a second.
  (void)listeners;
  pollfd asked{stop, POLLIN, 0};      // for now
  must(poll(&asked, 1, -1), "poll");  // for now
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
