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
  // TODO 1: recvmsg(2): one read's bytes, and every descriptor that came with them (cmsg(3), unix(7)). How much room must there be, when a
  // stranger may send as many as go? Where do they lie, how many are there, and what does MSG_CTRUNC say? They are yours from now on: may a
  // program that you become have them too? What does it mean that nothing was read?
  (void)from, (void)inbox;
  return false;  // for now
}

// Runs in both: sends a line, and these descriptors with its first byte. False: nobody is there, or nobody takes it.
[[maybe_unused]] static bool send_line(int to, const std::string& line, const std::vector<int>& fds) {
  // TODO 2: sendmsg(2): a line, and all of its descriptors in one SCM_RIGHTS message. cmsg_len or msg_controllen: which of CMSG_LEN and
  // CMSG_SPACE is for which (cmsg(3))? What if nobody takes it, and all the others wait? What if nobody is there any more?
  (void)to, (void)line, (void)fds;
  return false;  // for now
}

// Runs in the broker when a connection was accepted: who has made it?
static ucred who(int fd) {
  // TODO 3: ask the kernel, which has noted it (unix(7), getsockopt(2)).
  (void)fd;
  return {};  // for now
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
  // TODO 4: all or nothing. What are its names (split), which of them are there (find), and for whom (allows)?
  (void)policy, (void)user, (void)line, (void)given;
  return "nothing is given yet";  // for now
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
  // TODO 5: send the request, and receive() until its answer is whole. Which answer is right, to the byte? What else must be true before the
  // command may run (become)? Say on standard error what was not.
  return say(words.socket, "nobody asks yet"), 1;  // for now
}

int main(int argc, char** argv) {
  const auto words = parse_words(argc, argv);
  if (!words) return usage();
  return words->serves ? serve(*words) : take(*words);
}
