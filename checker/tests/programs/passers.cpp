// Programs that pass descriptors over a UNIX socket, right and wrong, to prove that the check's own connections see which came, and
// with which byte. `passers broker PATH FILE`: one connection at a time, an answer for each byte that comes; `passers taker PATH`.
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

void say(const std::string& line) {
  if (write(1, (line + "\n").data(), line.size() + 1) < 0) _exit(1);
}

sockaddr_un at(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return address;
}

void pass(int line, std::string bytes, std::vector<int> fds) {
  alignas(cmsghdr) char control[CMSG_SPACE(16 * sizeof(int))] = {};
  iovec content{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(first), fds.data(), fds.size() * sizeof(int));
  }
  if (sendmsg(line, &message, MSG_NOSIGNAL) < 0) say("sendmsg failed");
}

// 'n': refused. 'a': opened again. 'l': with the last byte. 'w': who asks. 'c': how many descriptors came with it. A digit: so many copies.
void answer(int line, char asked, int file, const char* path, int came) {
  if (asked == 'n') pass(line, "no such name\n", {});
  if (asked == 'a') pass(line, "ok\n", {open(path, O_RDONLY)});
  if (asked == 'l') pass(line, "ok", {}), pass(line, "\n", {file});
  if (asked >= '0' && asked <= '9') pass(line, "ok\n", std::vector<int>(static_cast<size_t>(asked - '0'), file));
  if (asked == 'c') pass(line, std::to_string(came) + "\n", {});
  if (asked == 'w') {
    ucred who{};
    socklen_t size = sizeof who;
    getsockopt(line, SOL_SOCKET, SO_PEERCRED, &who, &size);
    pass(line, std::to_string(who.pid) + "\n", {});
  }
}

int broker(const char* path, const char* name) {
  const int file = open(name, O_RDONLY), s = socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = at(path);
  if (bind(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 || listen(s, 8) < 0) return 1;
  say("ready");
  for (;;) {
    const int line = accept(s, nullptr, nullptr);
    for (char asked;;) {
      alignas(cmsghdr) char control[CMSG_SPACE(253 * sizeof(int))] = {};
      iovec content{&asked, 1};
      msghdr message{};
      message.msg_iov = &content;
      message.msg_iovlen = 1;
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      if (recvmsg(line, &message, 0) != 1) break;
      const cmsghdr* first = CMSG_FIRSTHDR(&message);
      answer(line, asked, file, name, first == nullptr ? 0 : static_cast<int>((first->cmsg_len - CMSG_LEN(0)) / sizeof(int)));
    }
    close(line);
  }
}

// Asks for one, and says what came with the answer.
int taker(const char* path) {
  const int s = socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = at(path);
  if (connect(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) return 1;
  if (write(s, "a\n", 2) != 2) return 1;
  char byte, control[CMSG_SPACE(sizeof(int))] = {};
  iovec content{&byte, 1};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(s, &message, 0) != 1) return 1;
  int fd = -1;
  if (const cmsghdr* first = CMSG_FIRSTHDR(&message)) std::memcpy(&fd, CMSG_DATA(first), sizeof fd);
  char text[16] = {};
  say(fd >= 0 && read(fd, text, 1) == 1 ? "took " + std::string(text) : "took nothing");
  pause();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "broker" && argc == 4) return broker(argv[2], argv[3]);
  if (name == "taker" && argc == 3) return taker(argv[2]);
  return 2;
}
