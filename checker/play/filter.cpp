#include "play/filter.hpp"

#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace play::filter {
namespace {

#if defined(__x86_64__)
constexpr unsigned architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned architecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned architecture = 0;
#endif

// A call by its number, and which of its arguments is the signal.
using Call = std::pair<long, unsigned>;

std::vector<Call> sending_calls() {
  std::vector<Call> calls{
      {SYS_kill, 1}, {SYS_tkill, 1}, {SYS_tgkill, 2}, {SYS_rt_sigqueueinfo, 1}, {SYS_rt_tgsigqueueinfo, 2}};
#ifdef SYS_pidfd_send_signal
  calls.emplace_back(SYS_pidfd_send_signal, 1);
#endif
  return calls;
}

// The lower half of an argument: all of an int, where the lower byte comes first.
constexpr size_t lower_half(unsigned argument) { return offsetof(seccomp_data, args) + argument * sizeof(__u64); }

class Filter {
 public:
  Filter() {
    if (architecture == 0)
      throw std::runtime_error("this check filters system calls, and does not know those of this architecture");
    // A call of another architecture has other numbers: let it pass unread.
    load(offsetof(seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0);
    answer(SECCOMP_RET_ALLOW);
  }

  /// Answers this call with `result` where its argument is `signal`; always, where `signal` is -1.
  void on(const Call& call, int signal, unsigned result) {
    load(offsetof(seccomp_data, nr));
    const bool any = signal < 0;
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call.first), 0, any ? 1 : 3);
    if (!any) {
      load(lower_half(call.second));
      add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(signal), 0, 1);
    }
    answer(result);
  }

  void install() {
    answer(SECCOMP_RET_ALLOW);
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    base::must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
    base::must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "PR_SET_SECCOMP");
  }

 private:
  void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset), 0, 0); }
  void answer(unsigned result) { add(BPF_RET | BPF_K, result, 0, 0); }
  // `yes` and `no` count the instructions that a jump skips.
  void add(unsigned what, unsigned value, unsigned yes, unsigned no) {
    code_.push_back({static_cast<__u16>(what), static_cast<__u8>(yes), static_cast<__u8>(no), value});
  }

  std::vector<sock_filter> code_;
};

// The call is not made; its result is minus this number.
constexpr unsigned without_the_call(int error) { return SECCOMP_RET_ERRNO | static_cast<unsigned>(error); }

}  // namespace

void swallow(int signal) {
  Filter filter;
  for (const Call& call : sending_calls()) filter.on(call, signal, without_the_call(0));
  filter.install();
}

void refuse_disposition(int signal) {
  Filter filter;
  filter.on({SYS_rt_sigaction, 0}, signal, without_the_call(EINVAL));
  filter.install();
}

void refuse_sending(int error) {
  Filter filter;
  for (const Call& call : sending_calls()) filter.on(call, -1, without_the_call(error));
  filter.install();
}

}  // namespace play::filter
