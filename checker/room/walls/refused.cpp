#include "room/walls/refused.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "base/fd.hpp"

namespace room {
namespace {

// A ring makes sockets behind the filter's back, and starts threads of the kernel's; keyrings are those of whoever grades; the rest looks
// into other processes or into the kernel. As a container has it, and a kernel where they were turned off.
constexpr int refused[] = {SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register), SCMP_SYS(add_key),
                           SCMP_SYS(request_key), SCMP_SYS(keyctl), SCMP_SYS(perf_event_open), SCMP_SYS(bpf), SCMP_SYS(userfaultfd)};

constexpr int kept[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

// libseccomp returns minus an error.
void done(int result) {
  if (result < 0) throw std::system_error(-result, std::generic_category(), "seccomp: what is refused");
}

std::vector<sock_filter> made() {
  const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (!filter) throw std::system_error(ENOMEM, std::generic_category(), "seccomp_init");
  done(seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW));
  for (const int call : refused) done(seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0));
  const int highest = *std::max_element(std::begin(kept), std::end(kept));
  for (const int call : {SCMP_SYS(socket), SCMP_SYS(socketpair)}) {
    const auto refuse = [&](scmp_compare how, int family) {
      const scmp_arg_cmp is_so{0, how, static_cast<scmp_datum_t>(family), 0};
      done(seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EAFNOSUPPORT), call, 1, &is_so));
    };
    for (int family = 0; family < highest; ++family)
      if (std::find(std::begin(kept), std::end(kept), family) == std::end(kept)) refuse(SCMP_CMP_EQ, family);
    refuse(SCMP_CMP_GT, highest);
  }
  // As bytes: putting a filter together costs more than starting a program.
  const base::Fd file(base::must(memfd_create("filter", MFD_CLOEXEC), "memfd_create"));
  done(seccomp_export_bpf(filter.get(), file.get()));
  const auto size = static_cast<size_t>(base::must(lseek(file.get(), 0, SEEK_END), "lseek"));
  std::vector<sock_filter> code(size / sizeof(sock_filter));
  base::must(pread(file.get(), code.data(), size, 0), "pread");
  return code;
}

const std::vector<sock_filter>& code() {
  static const std::vector<sock_filter> once = made();
  return once;
}

}  // namespace

void prepare_refusals() { code(); }

void refuse_ways_out() {
  const sock_fprog program{static_cast<unsigned short>(code().size()), const_cast<sock_filter*>(code().data())};
  base::must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "PR_SET_SECCOMP");
}

}  // namespace room
