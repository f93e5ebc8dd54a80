// Another hand: edge-triggered epoll and a turn for each connection that can go on, getaddrinfo for the addresses, a signal handler
// that writes into an eventfd, answers kept one by one and sent by sendmsg, a descriptor in reserve for who finds none left.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <iostream>
#include <map>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr size_t bound = 1 << 20;
int told = -1;

struct Door {
  std::string word, path, host, port;
  int fd = -1;
};

struct Line {
  int fd;
  bool readable = true, writable = true, ended = false, refused = false, dead = false;
  std::vector<unsigned char> in{};
  std::deque<std::string> out{};
  size_t gone = 0, owed = 0;  // of the first answer; of all

  // The length of the frame that is whole; 0: none is. A length that cannot be refuses the line.
  size_t whole() {
    if (refused || in.size() < 4) return 0;
    const size_t n = size_t{in[0]} * 16777216 + in[1] * 65536U + in[2] * 256U + in[3];
    if (n == 0 || n > 65536) return refused = true, 0;
    return in.size() >= n + 4 ? n + 4 : 0;
  }

  void read_some() {
    unsigned char piece[16384];
    const ssize_t n = read(fd, piece, sizeof piece);
    if (n > 0) in.insert(in.end(), piece, piece + n);
    else if (n == 0) ended = true;
    else if (errno == EAGAIN) readable = false;
    else if (errno != EINTR) dead = true;
  }

  void answer_all() {
    size_t done = 0;
    std::vector<unsigned char> rest;
    while (owed < bound) {
      const size_t n = whole();
      if (n == 0) break;
      std::string text(in.begin() + 5, in.begin() + static_cast<long>(n));
      switch (in[4]) {
        case 'e': break;
        case 'r': text = std::string(text.rbegin(), text.rend()); break;
        case 'c': text = std::to_string(text.size()); break;
        default: refused = true; return;
      }
      const uint32_t length = htonl(static_cast<uint32_t>(text.size()));
      text.insert(0, reinterpret_cast<const char*>(&length), 4);
      owed += text.size();
      out.push_back(std::move(text));
      in.erase(in.begin(), in.begin() + static_cast<long>(n));
      if (++done == 500) break;  // enough for one turn
    }
  }

  void write_some() {
    while (!out.empty() && writable) {
      iovec parts[16];
      size_t count = 0;
      for (const std::string& text : out) {
        const size_t skip = count == 0 ? gone : 0;
        parts[count++] = {const_cast<char*>(text.data()) + skip, text.size() - skip};
        if (count == 16) break;
      }
      msghdr message{};
      message.msg_iov = parts, message.msg_iovlen = count;
      const ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        if (errno == EAGAIN) writable = false;
        else dead = true;
        return;
      }
      owed -= static_cast<size_t>(n);
      for (gone += static_cast<size_t>(n); !out.empty() && gone >= out.front().size(); out.pop_front()) gone -= out.front().size();
    }
  }

  bool can_read() const { return readable && !ended && !refused && owed < bound; }
  bool can_go_on() { return !dead && (can_read() || (owed > 0 && writable) || (owed < bound && whole() > 0)); }
  bool is_over() { return dead || ((ended || refused) && owed == 0 && whole() == 0); }
};

bool understand(const std::string& word, Door& door) {
  door.word = word;
  if (word.rfind("unix:", 0) == 0) return door.path = word.substr(5), !door.path.empty() && door.path.size() < 108;
  const size_t last = word.find_last_of(':');
  if (word.rfind("tcp:", 0) != 0 || last < 5) return false;
  door.host = word.substr(4, last - 4), door.port = word.substr(last + 1);
  if (door.host.front() == '[' && door.host.back() == ']') door.host = door.host.substr(1, door.host.size() - 2);
  else if (door.host.find(':') != std::string::npos) return false;
  const bool digits = !door.port.empty() && door.port.size() < 6 && door.port.find_first_not_of("0123456789") == std::string::npos;
  return digits && std::stol(door.port) < 65536 && !door.host.empty();
}

bool open_path(Door& door) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  strcpy(name.sun_path, door.path.c_str());
  struct stat what {};
  if (lstat(door.path.c_str(), &what) == 0 && S_ISSOCK(what.st_mode)) {
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(probe, reinterpret_cast<sockaddr*>(&name), sizeof name) < 0 && errno == ECONNREFUSED) unlink(door.path.c_str());
    close(probe);
  }
  return bind(door.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 && listen(door.fd, 64) == 0;
}

// 2: the word names no address.
int open_port(Door& door) {
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(door.host.c_str(), door.port.c_str(), &wanted, &found) != 0) return 2;
  const int yes = 1;
  door.fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(door.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (found->ai_family == AF_INET6) setsockopt(door.fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  const bool done = bind(door.fd, found->ai_addr, found->ai_addrlen) == 0 && listen(door.fd, 64) == 0;
  freeaddrinfo(found);
  if (!done) return 1;
  sockaddr_storage got{};
  socklen_t size = sizeof got;
  getsockname(door.fd, reinterpret_cast<sockaddr*>(&got), &size);
  char service[16];
  getnameinfo(reinterpret_cast<sockaddr*>(&got), size, nullptr, 0, service, sizeof service, NI_NUMERICSERV);
  door.word = door.word.substr(0, door.word.find_last_of(':') + 1) + service;
  return 0;
}

void add(int set, int fd, uint32_t events) {
  epoll_event event{};
  event.events = events, event.data.fd = fd;
  epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

void serve(const std::vector<Door>& doors) {
  const int set = epoll_create1(0);
  int spare = open("/", O_PATH);
  std::map<int, std::unique_ptr<Line>> lines;
  add(set, told, EPOLLIN);
  for (const Door& door : doors) add(set, door.fd, EPOLLIN);
  bool stopping = false;
  auto end = std::chrono::steady_clock::now();
  for (;;) {
    bool anyone = false;
    for (auto& [fd, line] : lines) anyone |= line->can_go_on();
    const auto now = std::chrono::steady_clock::now();
    if (stopping && (lines.empty() || now >= end)) return;
    const int left = static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(end - now).count()) + 1;
    epoll_event events[64];
    const int count = epoll_wait(set, events, 64, anyone ? 0 : stopping ? left : -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (auto known = lines.find(fd); known != lines.end()) {
        if (events[i].events & ~static_cast<uint32_t>(EPOLLOUT)) known->second->readable = true;
        if (events[i].events & ~static_cast<uint32_t>(EPOLLIN)) known->second->writable = true;
      } else if (fd == told) {
        stopping = true;
        end = std::chrono::steady_clock::now() + std::chrono::milliseconds(900);
        epoll_ctl(set, EPOLL_CTL_DEL, told, nullptr);
        for (const Door& door : doors) epoll_ctl(set, EPOLL_CTL_DEL, door.fd, nullptr);
        for (auto& [number, line] : lines) shutdown(number, SHUT_RD), line->readable = true;
        break;
      } else if (const int next = accept4(fd, nullptr, nullptr, SOCK_NONBLOCK); next >= 0) {
        lines[next] = std::make_unique<Line>(Line{.fd = next});
        add(set, next, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
      } else if (errno == EMFILE) {
        close(spare);
        close(accept(fd, nullptr, nullptr));
        spare = open("/", O_PATH);
      }
    }
    for (auto next = lines.begin(); next != lines.end();) {
      Line& line = *next->second;
      if (line.can_read()) line.read_some();
      line.answer_all();
      if (!line.dead) line.write_some();
      if (line.is_over()) close(line.fd), next = lines.erase(next);
      else ++next;
    }
  }
}

}  // namespace

int main(int count, char** words) {
  std::vector<Door> doors(static_cast<size_t>(count - 1));
  bool right = count > 1;
  for (int i = 1; i < count; ++i) right = right && understand(words[i], doors[static_cast<size_t>(i - 1)]);
  if (!right) return std::cerr << "usage: echod ADDRESS...\n", 2;

  told = eventfd(0, EFD_NONBLOCK);
  struct sigaction tell {};
  tell.sa_handler = [](int) { eventfd_write(told, 1); };
  sigset_t both;
  sigemptyset(&both);
  for (const int signal : {SIGTERM, SIGINT}) sigaction(signal, &tell, nullptr), sigaddset(&both, signal);
  sigprocmask(SIG_UNBLOCK, &both, nullptr);

  int status = 0;
  std::vector<std::string> made;
  for (Door& door : doors) {
    status = !door.path.empty() ? (open_path(door) ? 0 : 1) : open_port(door);
    if (status != 0) {
      std::cerr << door.word << ": " << std::strerror(errno) << std::endl;
      break;
    }
    if (!door.path.empty()) made.push_back(door.path);
    std::cout << "listening " << door.word << std::endl;
  }
  if (status == 0) serve(doors);
  for (const std::string& path : made) unlink(path.c_str());
  return status;
}
