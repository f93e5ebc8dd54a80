#include "play/hold/before_call.hpp"

#include <cerrno>
#include <cstring>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "play/start/seccomp.hpp"
#include "play/testbed/wait.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

struct Letter {  // one byte, with room for one descriptor
  char byte = 'f';
  iovec content{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr head{};
  Letter() {
    head.msg_iov = &content;
    head.msg_iovlen = 1;
    head.msg_control = control;
    head.msg_controllen = sizeof control;
  }
};

void hand_over(int socket, int fd) {
  Letter letter;
  cmsghdr* first = CMSG_FIRSTHDR(&letter.head);
  first->cmsg_level = SOL_SOCKET;
  first->cmsg_type = SCM_RIGHTS;
  first->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(first), &fd, sizeof fd);
  base::must(static_cast<int>(sendmsg(socket, &letter.head, 0)), "sendmsg");
}

// The filter's descriptor, once it has come.
base::Fd take(int socket) {
  Letter letter;
  if (recvmsg(socket, &letter.head, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0) return {};
  const cmsghdr* first = CMSG_FIRSTHDR(&letter.head);
  if (!first) return {};
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(first), sizeof fd);
  return base::Fd(fd);
}

// Runs in the program's process, before exec.
void install(const std::vector<WatchedCall>& watched, int socket) {
  seccomp::Filter filter;
  for (const WatchedCall& w : watched)
    filter.on(w.call, SCMP_ACT_NOTIFY,
              w.request ? std::optional(seccomp::Filter::Argument{w.argument, static_cast<std::uint32_t>(w.request)}) : std::nullopt);
  filter.install();
  hand_over(socket, filter.questions());
}

}  // namespace

BeforeCall::BeforeCall(Testbed& testbed, std::vector<WatchedCall> watched) : testbed_(testbed), state_(std::make_shared<State>()) {
  int ends[2];
  base::must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  state_->testbed = &testbed;
  state_->watched = std::move(watched);
  state_->ours = base::Fd(ends[0]);
  state_->theirs = base::Fd(ends[1]);
  testbed.on_pump([state = state_] { return state->serve(); });
}

BeforeCall::~BeforeCall() {
  try {
    open();
  } catch (const std::exception&) {
    // Whoever cannot be answered has gone.
  }
}

room::Order BeforeCall::order(room::Order order) const {
  order.prepare = [watched = state_->watched, before = order.prepare, socket = state_->theirs.get()] {
    if (before) before();
    install(watched, socket);
  };
  return order;
}

void BeforeCall::hold(Whom whom) { state_->whom = std::move(whom); }

void BeforeCall::hold_until(const std::function<bool()>& condition) {
  if (!wait_until(testbed_, condition)) open();
}

void BeforeCall::open() {
  state_->whom = nullptr;
  for (const State::Question& question : state_->waiting) {
    testbed_.let_go(question.pid);
    state_->pass(question.id);
  }
  state_->waiting.clear();
}

bool BeforeCall::State::serve() {
  if (!listener) listener = take(ours.get());
  bool moved = false;
  for (pollfd asked{listener.get(), POLLIN, 0}; listener && poll(&asked, 1, 0) > 0 && (asked.revents & POLLIN) != 0;) {
    seccomp_notif question{};
    if (ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &question) < 0) break;  // ENOENT: a signal was faster
    moved = true;
    const bool stops = whom && whom(static_cast<pid_t>(question.pid), question.data.nr);
    if (!stops) {
      pass(question.id);
      continue;
    }
    ++held;
    waiting.push_back({question.id, static_cast<pid_t>(question.pid)});
    testbed->hold(static_cast<pid_t>(question.pid), "before " + call_of(question.data.nr));
  }
  return moved;
}

std::string BeforeCall::State::call_of(long number) const {
  for (const WatchedCall& w : watched)
    if (w.call == number && w.name) return w.name;
  return see::name_of(number) + "()";
}

void BeforeCall::State::pass(std::uint64_t id) const {
  seccomp_notif_resp answer{};
  answer.id = id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  // ENOENT: it was interrupted meanwhile, and asks again or has gone.
  if (ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno != ENOENT) base::fail("seccomp: answer");
}

}  // namespace play
