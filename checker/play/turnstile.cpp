#include "play/turnstile.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "play/wait.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

constexpr std::uint32_t offset_of_argument(unsigned n) {
  // The low half of a 64 bit argument; all machines this course runs on are little-endian.
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + n * sizeof(std::uint64_t));
}

sock_filter load(std::uint32_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset); }
// Skips `unless` instructions where the loaded word is another one.
sock_filter equals(std::uint32_t value, unsigned char unless) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, unless);
}
sock_filter give_back(std::uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }

std::vector<sock_filter> filter_of(const std::vector<Watch>& watched) {
  std::vector<sock_filter> program;
  for (const Watch& w : watched) {
    program.push_back(load(offsetof(seccomp_data, nr)));
    program.push_back(equals(static_cast<std::uint32_t>(w.call), w.request ? 3 : 1));
    if (w.request) {
      program.push_back(load(offset_of_argument(1)));
      program.push_back(equals(static_cast<std::uint32_t>(w.request), 1));
    }
    program.push_back(give_back(SECCOMP_RET_USER_NOTIF));
  }
  program.push_back(give_back(SECCOMP_RET_ALLOW));
  return program;
}

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
void install(const std::vector<Watch>& watched, int socket) {
  std::vector<sock_filter> program = filter_of(watched);
  sock_fprog all{static_cast<unsigned short>(program.size()), program.data()};
  const auto listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &all);
  const base::Fd owned(base::must(static_cast<int>(listener), "seccomp"));
  hand_over(socket, owned.get());
}

}  // namespace

Turnstile::Turnstile(Stage& stage, std::vector<Watch> watched) : stage_(stage), state_(std::make_shared<State>()) {
  int ends[2];
  base::must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  state_->stage = &stage;
  state_->watched = std::move(watched);
  state_->ours = base::Fd(ends[0]);
  state_->theirs = base::Fd(ends[1]);
  stage.attend([state = state_] { return state->serve(); });
}

room::Order Turnstile::order(room::Order order) const {
  order.prepare = [watched = state_->watched, before = order.prepare, socket = state_->theirs.get()] {
    if (before) before();
    install(watched, socket);
  };
  return order;
}

void Turnstile::hold(Whom whom) { state_->whom = std::move(whom); }

void Turnstile::hold_until(const std::function<bool()>& condition) {
  if (!wait_until(stage_, condition)) open();
}

void Turnstile::open() {
  state_->whom = nullptr;
  for (const State::Question& question : state_->waiting) {
    stage_.let_go(question.pid);
    state_->pass(question.id);
  }
  state_->waiting.clear();
}

bool Turnstile::State::serve() {
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
    stage->hold(static_cast<pid_t>(question.pid), "before " + call_of(question.data.nr));
  }
  return moved;
}

std::string Turnstile::State::call_of(long number) const {
  for (const Watch& w : watched)
    if (w.call == number && w.name) return w.name;
  return see::name_of(number) + "()";
}

void Turnstile::State::pass(std::uint64_t id) const {
  seccomp_notif_resp answer{};
  answer.id = id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  // ENOENT: it was interrupted meanwhile, and asks again or has gone.
  if (ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno != ENOENT) base::fail("seccomp: answer");
}

}  // namespace play
