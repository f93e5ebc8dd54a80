// Another hand: a process for each client, which reads with plain read(2), so that what is sent unasked is dropped by the kernel; take
// reads byte by byte with room for exactly what it asked for, and waits for its command.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <set>
#include <string>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "door.hpp"
#include "must.hpp"
#include "policy.hpp"

namespace {

bool pass(int to, const std::string& text, const std::vector<int>& fds) {
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  iovec piece{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    *part = {.cmsg_len = CMSG_LEN(fds.size() * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    std::memcpy(CMSG_DATA(part), fds.data(), fds.size() * sizeof(int));
  }
  return sendmsg(to, &message, MSG_NOSIGNAL) >= 0;
}

// In the process of one client: blocking calls, for nobody else waits here.
void attend(int line, const std::vector<Entry>& policy) {
  ucred peer{};
  socklen_t size = sizeof peer;
  must(getsockopt(line, SOL_SOCKET, SO_PEERCRED, &peer, &size), "getsockopt");
  std::string request;
  for (char byte; read(line, &byte, 1) == 1;) {
    if (byte != '\n') {
      request += byte;
      if (request.size() < 1024) continue;
      pass(line, "no end\n", {});
      dprintf(1, "refused %d %u\n", peer.pid, peer.uid);
      return;
    }
    std::vector<int> fds;
    std::string log;
    size_t asked = 0;
    for (const std::string& name : split(request, ' ')) {
      ++asked;
      const auto entry = std::find_if(policy.begin(), policy.end(), [&](const Entry& e) { return e.name == name; });
      if (entry == policy.end() || !allows(*entry, peer.uid)) continue;
      fds.push_back(entry->fd);
      log += " " + name;
    }
    const bool good = fds.size() == asked && asked <= 16;
    const bool sent = good ? pass(line, "ok\n", fds) : pass(line, "no way\n", {});
    dprintf(1, "%s %d %u%s\n", good ? "gave" : "refused", peer.pid, peer.uid, good ? log.c_str() : "");
    if (!sent) return;
    request.clear();
  }
}

int serve(const Words& words) {
  auto policy = read_policy(words.policy.c_str());
  if (!policy) return 1;
  for (Entry& entry : *policy) {
    entry.fd = open(entry.path.c_str(), (entry.mode == 'r' ? O_RDONLY : O_WRONLY | O_APPEND) | O_CLOEXEC);
    if (entry.fd < 0) return say(entry.path, strerror(errno)), 1;
  }
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&signals, one);
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int told = must(signalfd(-1, &signals, SFD_CLOEXEC), "signalfd");
  const int listener = listen_at(words.socket);
  if (listener < 0) return say(words.socket, strerror(errno)), 1;
  dprintf(1, "ready\n");
  std::set<pid_t> children;
  for (;;) {
    pollfd asked[]{{told, POLLIN, 0}, {listener, POLLIN, 0}};
    if (poll(asked, 2, -1) < 0) continue;
    if (asked[0].revents) {
      signalfd_siginfo info{};
      if (read(told, &info, sizeof info) < 0) return 1;
      for (pid_t gone; (gone = waitpid(-1, nullptr, WNOHANG)) > 0;) children.erase(gone);
      if (info.ssi_signo == SIGCHLD) continue;
      for (const pid_t child : children) kill(child, SIGKILL), waitpid(child, nullptr, 0);
      unlink(words.socket.c_str());
      return 0;
    }
    const int line = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (line < 0) continue;
    const pid_t child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(listener), close(told);
      attend(line, *policy);
      _exit(0);
    }
    close(line);
    if (child > 0) children.insert(child);
  }
}

int wrong(const std::string& what) { return say("take", what), 1; }

int take(const Words& words) {
  const int line = dial(words.socket);
  if (line < 0) return wrong(words.socket + ": " + strerror(errno));
  std::string request;
  for (const std::string& name : words.names) request += name + " ";
  request.back() = '\n';
  if (!pass(line, request, {})) return wrong("the request was not taken");
  std::string answer;
  std::vector<int> fds;
  while (!answer.ends_with('\n') && answer.size() < 1024) {
    char byte;
    std::vector<char> control(CMSG_SPACE(words.names.size() * sizeof(int)));
    iovec piece{&byte, 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = recvmsg(line, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return wrong("the answer has no end");
    if (message.msg_flags & MSG_CTRUNC) return wrong("more descriptors came than there is room for");
    answer += byte;
    if (const cmsghdr* part = CMSG_FIRSTHDR(&message)) {
      for (size_t at = CMSG_LEN(0); at + sizeof(int) <= part->cmsg_len; at += sizeof(int)) {
        int fd;
        std::memcpy(&fd, reinterpret_cast<const char*>(part) + at, sizeof fd);
        fds.push_back(fd);
      }
    }
  }
  if (answer != "ok\n") return wrong("not given: " + answer.substr(0, answer.size() - 1));
  if (fds.size() != words.names.size()) return wrong("another number of descriptors came");
  const pid_t child = must(fork(), "fork");
  if (child == 0) {
    for (int& fd : fds) fd = must(fcntl(fd, F_DUPFD_CLOEXEC, 50), "fcntl");
    for (size_t i = 0; i < fds.size(); ++i) must(dup2(fds[i], static_cast<int>(3 + i)), "dup2");
    close_range(static_cast<unsigned>(3 + fds.size()), ~0U, 0);
    execvp(words.command[0], words.command);
    const int why = errno;
    wrong(std::string(words.command[0]) + ": " + strerror(why));
    _exit(why == ENOENT ? 127 : 126);
  }
  int word = 0;
  while (waitpid(child, &word, 0) < 0 && errno == EINTR) {}
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}

}  // namespace

int main(int argc, char** argv) {
  const auto words = parse_words(argc, argv);
  if (!words) return usage();
  return words->serves ? serve(*words) : take(*words);
}
