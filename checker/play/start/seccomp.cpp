#include "play/start/seccomp.hpp"

#include <cerrno>
#include <seccomp.h>
#include <sys/syscall.h>
#include <system_error>
#include <vector>

namespace play::seccomp {
namespace {

// libseccomp returns minus an error.
void done(int result, const char* what) {
  if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

// A call that sends a signal, and which of its arguments is that.
struct Sending {
  long call;
  unsigned signal;
};
constexpr Sending sending_calls[] = {{SYS_kill, 1},
                                     {SYS_tkill, 1},
                                     {SYS_tgkill, 2},
                                     {SYS_rt_sigqueueinfo, 1},
                                     {SYS_rt_tgsigqueueinfo, 2},
                                     {SYS_pidfd_send_signal, 1}};

}  // namespace

Filter::Filter() : context_(seccomp_init(SCMP_ACT_ALLOW), seccomp_release) {
  if (!context_) throw std::system_error(ENOMEM, std::generic_category(), "seccomp_init");
  // A call of another architecture has other numbers: let it pass unread.
  done(seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW), "seccomp_attr_set");
}

void Filter::on(long call, std::uint32_t action, std::optional<Argument> argument) {
  const auto number = static_cast<int>(call);
  if (!argument) return done(seccomp_rule_add(context_.get(), action, number, 0), "seccomp_rule_add");
  const scmp_arg_cmp is_so{argument->index, SCMP_CMP_MASKED_EQ, 0xffffffffU, argument->is};
  done(seccomp_rule_add_array(context_.get(), action, number, 1, &is_so), "seccomp_rule_add");
}

void Filter::refuse(long call, int error, std::optional<Argument> argument) {
  on(call, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), argument);
}

void Filter::install() { done(seccomp_load(context_.get()), "seccomp_load"); }

void refuse_sending_of(int signal, int error) {
  Filter filter;
  for (const Sending& s : sending_calls)
    filter.refuse(s.call, error, Filter::Argument{s.signal, static_cast<std::uint32_t>(signal)});
  filter.install();
}

void swallow(int signal) { refuse_sending_of(signal, 0); }

void refuse_disposition(int signal) {
  Filter filter;
  filter.refuse(SYS_rt_sigaction, EINVAL, Filter::Argument{0, static_cast<std::uint32_t>(signal)});
  filter.install();
}

void refuse_sending(int error) {
  Filter filter;
  for (const Sending& s : sending_calls) filter.refuse(s.call, error);
  filter.install();
}

void refuse_children(int error) {
  Filter filter;
  for (const long call : {SYS_fork, SYS_vfork, SYS_clone, SYS_clone3}) filter.refuse(call, error);
  filter.install();
}

}  // namespace play::seccomp
