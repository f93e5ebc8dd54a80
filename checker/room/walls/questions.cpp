#include "room/walls/questions.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace room {
namespace {

// By hand: libseccomp takes longer to put a filter together than a program takes to start. Each call has a row of its own
// that asks or goes on to the next one; behind the last everything else passes. A call of another architecture has other
// numbers, and passes unread.
std::vector<sock_filter> filter_for(const std::vector<AskedCall>& calls) {
  constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS, unless = BPF_JMP | BPF_JEQ | BPF_K, answer = BPF_RET | BPF_K;
  constexpr std::uint32_t low_half = std::endian::native == std::endian::little ? 0 : 4;
  const sock_filter load_number = BPF_STMT(load, offsetof(seccomp_data, nr));
  std::vector<sock_filter> code{BPF_STMT(load, offsetof(seccomp_data, arch)),
                                BPF_JUMP(unless, seccomp_arch_native(), 1, 0),
                                BPF_STMT(answer, SECCOMP_RET_ALLOW), load_number};
  for (const AskedCall& c : calls) {
    const std::uint8_t row = c.argument ? 4 : 1;
    code.push_back(BPF_JUMP(unless, static_cast<std::uint32_t>(c.call), 0, row));
    if (c.argument) {
      code.push_back(BPF_STMT(load, static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * c.argument->index + low_half));
      code.push_back(BPF_JUMP(unless, c.argument->is, 0, 1));
    }
    code.push_back(BPF_STMT(answer, SECCOMP_RET_USER_NOTIF));
    if (c.argument) code.push_back(load_number);
  }
  code.push_back(BPF_STMT(answer, SECCOMP_RET_ALLOW));
  return code;
}

int install(const std::vector<sock_filter>& code, unsigned long more_flags) {
  const sock_fprog program{static_cast<unsigned short>(code.size()), const_cast<sock_filter*>(code.data())};
  return static_cast<int>(
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | more_flags, &program));
}

}  // namespace

base::Fd ask_before(const std::vector<AskedCall>& calls) {
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
  const std::vector<sock_filter> code = filter_for(calls);
  // From Linux 5.19 on, once a question has been taken, only SIGKILL ends the wait for its answer.
  const int listener = install(code, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  return base::Fd(listener < 0 && errno == EINVAL ? install(code, 0) : listener);
}

std::optional<Question> Questions::next() {
  pollfd asked{listener_.get(), POLLIN, 0};
  if (!listener_ || poll(&asked, 1, 0) <= 0) return std::nullopt;
  if ((asked.revents & POLLIN) == 0) {
    listener_.reset();  // nobody is left who could ask
    return std::nullopt;
  }
  seccomp_notif n{};
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &n) < 0) return std::nullopt;  // ENOENT: a signal was faster
  Question question{n.id, static_cast<pid_t>(n.pid), {see::Call::Known::yes, n.data.nr, {}}};
  std::copy(std::begin(n.data.args), std::end(n.data.args), question.call.args.begin());
  return question;
}

bool Questions::pass(const Question& question) const {
  seccomp_notif_resp answer{};
  answer.id = question.id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0) return true;
  // It was interrupted meanwhile, and asks again or has gone; or all have gone.
  if (errno != ENOENT && listener_) base::fail("seccomp: answer");
  return false;
}

}  // namespace room
