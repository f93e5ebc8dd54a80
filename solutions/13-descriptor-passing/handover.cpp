// handover - a broker that opens files and passes them on, and the one who asks for them
//
//   $ echo hello >greeting.txt ; echo 'greeting r * greeting.txt' >policy
//   $ ./handover serve policy door &
//   ready
//   $ ./handover take door greeting -- cat /dev/fd/3
//   gave 4711 1000 greeting
//   hello
//
// The handout is labs/13-descriptor-passing/README.md.
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "door.hpp"
#include "must.hpp"
#include "policy.hpp"

// The longest request, its newline counted; the longest answer too.
constexpr size_t longest = 1024;
// As many names may be in one request.
constexpr size_t most_names = 16;
// As many descriptors go with one message, whoever sends it (unix(7)).
constexpr size_t most_descriptors = 253;

// What has come over a connection, and was not used yet.
struct Inbox {
  std::string text = {};
  std::vector<int> fds = {};  // the descriptors that came with it, in their order: this process has them open
  bool cut = false;           // more of them were sent than could be had
  bool over = false;          // nothing more comes
};

// A connection of the broker's, and who has made it.
struct Client {
  int fd = -1;
  ucred who{};
  Inbox inbox = {};
  bool gone = false;  // nobody is there any more, or nobody that we want to talk to
};

// Runs in both, when something can be read: takes what one read brings, the bytes and the descriptors that came with them.
// False: nobody is there any more, and it adds nothing.
[[maybe_unused]] static bool receive(int from, Inbox& inbox) {
  char bytes[4096];
  alignas(cmsghdr) char control[CMSG_SPACE(most_descriptors * sizeof(int))];
  iovec piece{bytes, sizeof bytes};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const size_t before = inbox.fds.size();
    inbox.fds.resize(before + count);
    memcpy(inbox.fds.data() + before, CMSG_DATA(part), count * sizeof(int));
  }
  inbox.text.append(bytes, static_cast<size_t>(size));
  inbox.cut = inbox.cut || (message.msg_flags & MSG_CTRUNC);
  inbox.over = size == 0;
  return true;
}

// Runs in both: sends a line, and these descriptors with its first byte. False: nobody is there, or nobody takes it.
[[maybe_unused]] static bool send_line(int to, const std::string& line, const std::vector<int>& fds) {
  alignas(cmsghdr) char control[CMSG_SPACE(most_names * sizeof(int))] = {};
  iovec piece{const_cast<char*>(line.data()), line.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    memcpy(CMSG_DATA(part), fds.data(), fds.size() * sizeof(int));
  }
  // It is short: a socket takes all of it, or has no room for any.
  return sendmsg(to, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(line.size());
}

// Runs in the broker when a connection was accepted: who has made it?
static ucred who(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) peer.uid = static_cast<uid_t>(-1);
  return peer;
}

// Given. The policy's line for this name; none where there is no such name.
[[maybe_unused]] static const Entry* find(const std::vector<Entry>& policy, const std::string& name) {
  for (const Entry& entry : policy)
    if (entry.name == name) return &entry;
  return nullptr;
}

// Runs in the broker for each request, a line without its newline: fills `given` with an entry for each of its names, in their order, and
// returns "". Or returns why not, and then `given` is empty.
static std::string decide(const std::vector<Entry>& policy, uid_t user, const std::string& line, std::vector<const Entry*>& given) {
  const std::vector<std::string> names = split(line, ' ');
  if (names.size() > most_names) return "too many names";
  std::vector<const Entry*> found;
  for (const std::string& name : names) {
    found.push_back(find(policy, name));
    if (!found.back() || !allows(*found.back(), user)) return "there is no such name for this user";
  }
  given = found;
  return "";
}

// Given. Answers one request, and writes its line of the log.
static void answer(Client& client, const std::vector<Entry>& policy, const std::string& line) {
  std::vector<const Entry*> given;
  const std::string why = line.size() < longest ? decide(policy, client.who.uid, line, given) : "the line is too long";
  std::string log = (why.empty() ? "gave " : "refused ") + std::to_string(client.who.pid) + " " + std::to_string(client.who.uid);
  std::vector<int> fds;
  for (const Entry* entry : given) {
    fds.push_back(entry->fd);
    log += " " + entry->name;
  }
  dprintf(STDOUT_FILENO, "%s\n", log.c_str());
  if (!send_line(client.fd, why.empty() ? "ok\n" : "no " + why + "\n", fds)) client.gone = true;
}

// Given. Runs when something has come from a client: answers every whole line, and keeps the rest.
static void serve_one(Client& client, const std::vector<Entry>& policy) {
  Inbox& inbox = client.inbox;
  if (!receive(client.fd, inbox)) client.gone = true;
  for (const int fd : inbox.fds) close(fd);  // nobody has asked for them, and who keeps them has no room left one day
  inbox.fds.clear();
  for (size_t end; !client.gone && (end = inbox.text.find('\n')) != std::string::npos;) {
    const std::string line = inbox.text.substr(0, end);
    inbox.text.erase(0, end + 1);
    answer(client, policy, line);
  }
  if (!client.gone && inbox.text.size() >= longest) {  // its end may never come
    answer(client, policy, inbox.text);
    client.gone = true;
  }
}

// Given. The one place of the broker that waits, until it is told to stop.
static void run(int stop, int listener, const std::vector<Entry>& policy) {
  std::vector<Client> clients;
  while (true) {
    std::vector<pollfd> asked{{stop, POLLIN, 0}, {listener, POLLIN, 0}};
    for (const Client& client : clients) asked.push_back({client.fd, POLLIN, 0});
    if (poll(asked.data(), asked.size(), -1) < 0) {
      if (errno == EINTR) continue;
      must(-1, "poll");
    }
    if (asked[0].revents) return;
    for (size_t i = 0; i < clients.size(); ++i)
      if (asked[2 + i].revents) serve_one(clients[i], policy);
    if (asked[1].revents) {
      const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) clients.push_back({.fd = fd, .who = who(fd)});
    }
    std::vector<Client> stay;
    for (Client& client : clients) {
      if (client.gone || client.inbox.over) close(client.fd);
      else stay.push_back(std::move(client));
    }
    clients.swap(stay);
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

// Given. `handover serve`: opens each file of the policy once, and listens.
static int serve(const Words& words) {
  auto policy = read_policy(words.policy.c_str());
  if (!policy) return 1;
  const int stop = signals_as_descriptor();
  for (Entry& entry : *policy) {
    entry.fd = open(entry.path.c_str(), (entry.mode == 'r' ? O_RDONLY : O_WRONLY | O_APPEND) | O_CLOEXEC);
    if (entry.fd < 0) return say(entry.path, strerror(errno)), 1;
  }
  const int listener = listen_at(words.socket);
  if (listener < 0) return say(words.socket, strerror(errno)), 1;
  dprintf(STDOUT_FILENO, "ready\n");
  run(stop, listener, *policy);
  unlink(words.socket.c_str());
  return 0;
}

// Given. Becomes the command, which has these descriptors as 3, 4, ... and none else of ours (lab 00).
[[maybe_unused]] static int become(const std::vector<int>& fds, char** command) {
  const int behind = 3 + static_cast<int>(fds.size());
  std::vector<int> aside;  // first out of the way: one of them may stand in the place of another
  for (const int fd : fds) aside.push_back(must(fcntl(fd, F_DUPFD_CLOEXEC, behind), "fcntl"));
  for (int i = 0; i < behind - 3; ++i) must(dup2(aside[static_cast<size_t>(i)], 3 + i), "dup2");
  must(close_range(static_cast<unsigned>(behind), ~0U, CLOSE_RANGE_CLOEXEC), "close_range");
  execvp(command[0], command);
  const int why = errno;
  say(command[0], strerror(why));
  return why == ENOENT ? 127 : 126;
}

// `handover take`: asks, and runs the command with what it is given.
static int take(const Words& words) {
  const int broker = dial(words.socket);
  if (broker < 0) return say(words.socket, strerror(errno)), 1;
  std::string request;
  for (const std::string& name : words.names) request += (request.empty() ? "" : " ") + name;
  request += "\n";
  if (!send_line(broker, request, {})) return say(words.socket, "the broker takes no request"), 1;
  Inbox inbox;
  while (!inbox.over && inbox.text.find('\n') == std::string::npos && inbox.text.size() < longest)
    if (!receive(broker, inbox)) return say(words.socket, strerror(errno)), 1;
  if (inbox.text.starts_with("no ")) return say("refused", inbox.text.substr(3, inbox.text.find('\n') - 3)), 1;
  if (inbox.text != "ok\n") return say(words.socket, "that is no answer"), 1;
  if (inbox.cut || inbox.fds.size() != words.names.size()) return say(words.socket, "these are not the descriptors that were asked for"), 1;
  return become(inbox.fds, words.command);
}

int main(int argc, char** argv) {
  const auto words = parse_words(argc, argv);
  if (!words) return usage();
  return words->serves ? serve(*words) : take(*words);
}
