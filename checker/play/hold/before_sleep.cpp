#include "play/hold/before_sleep.hpp"

#include <cerrno>
#include <csignal>
#include <elf.h>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "play/start/ptrace.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

constexpr int call_stop = SIGTRAP | 0x80;  // with PTRACE_O_TRACESYSGOOD
constexpr int event_stop = 128;            // PTRACE_EVENT_STOP

// Two edits of the registers, per machine. At the entry of a call: do not make it. At its exit: stand on the system
// call instruction again, with this number and the first argument that the skipped call's result has overwritten.
#if defined(__x86_64__)
void skip_the_call(pid_t pid) {
  user_regs_struct regs{};
  base::must(ptrace(PTRACE_GETREGS, pid, nullptr, &regs), "PTRACE_GETREGS");
  regs.orig_rax = ~0ULL;
  base::must(ptrace(PTRACE_SETREGS, pid, nullptr, &regs), "PTRACE_SETREGS");
}

void step_back(pid_t pid, long number, std::uint64_t /*first_argument*/) {
  user_regs_struct regs{};
  base::must(ptrace(PTRACE_GETREGS, pid, nullptr, &regs), "PTRACE_GETREGS");
  regs.rip -= 2;  // the two bytes of `syscall`
  regs.rax = static_cast<unsigned long long>(number);
  regs.orig_rax = ~0ULL;  // in no call: the kernel restarts nothing by itself
  base::must(ptrace(PTRACE_SETREGS, pid, nullptr, &regs), "PTRACE_SETREGS");
}
constexpr bool can_hold = true;
#elif defined(__aarch64__)
// Written from the interface (ptrace(2), the kernel's arch/arm64) and not yet run on such a machine.
#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif
void skip_the_call(pid_t pid) {
  int none = -1;
  iovec set{&none, sizeof none};
  base::must(ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &set), "NT_ARM_SYSTEM_CALL");
}

void step_back(pid_t pid, long number, std::uint64_t first_argument) {
  user_regs_struct regs{};
  iovec set{&regs, sizeof regs};
  base::must(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &set), "PTRACE_GETREGSET");
  regs.pc -= 4;  // `svc`
  regs.regs[8] = static_cast<unsigned long long>(number);
  regs.regs[0] = first_argument;
  base::must(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &set), "PTRACE_SETREGSET");
}
constexpr bool can_hold = true;
#else
void skip_the_call(pid_t) {}
void step_back(pid_t, long, std::uint64_t) {}
constexpr bool can_hold = false;
#endif

[[noreturn]] void cannot(const std::string& who, const std::string& why) {
  throw std::runtime_error(fmt::format("{} could not be held before its sleep: {}", who, why));
}

}  // namespace

BeforeSleep::BeforeSleep(Testbed& testbed, const Observed& who) : testbed_(testbed), pid_(who.pid()), who_(who.name()) {
  if (!can_hold) cannot(who_, "this checker does not know the registers of this machine");
  const auto sleeps = [&] {
    const auto stat = see::stat_of(pid_, pid_);
    const see::Call now = see::call_of(pid_, pid_);
    number_ = now.number;
    return stat && stat->state == 'S' && now.known == see::Call::Known::yes && now.number >= 0;
  };
  if (!wait_until(testbed_, sleeps)) throw Obstructed(who_ + " sleeps when there is nothing to do", "it never sleeps in a call");
  if (number_ == SYS_restart_syscall) cannot(who_, "it was stopped while it slept");
  call_ = see::name_of(number_);
  if (ptrace(PTRACE_SEIZE, pid_, nullptr, PTRACE_O_TRACESYSGOOD) < 0)
    cannot(who_, fmt::format("ptrace: {}", std::generic_category().message(errno)));
  seized_ = true;
  try {
    hold();
  } catch (...) {
    ptrace(PTRACE_DETACH, pid_, nullptr, nullptr);
    throw;
  }
  testbed_.note_act(fmt::format("hold {} before it sleeps in {}", who_, call_));
}

// The interrupted call begins again, or the program makes others before it comes back to it (epoll_wait ends with
// EINTR instead): the entry of that call, or of its restart, is the instant.
void BeforeSleep::hold() {
  base::must(ptrace(PTRACE_INTERRUPT, pid_, nullptr, nullptr), "PTRACE_INTERRUPT");
  await_stop();
  resume(PTRACE_SYSCALL);
  while (!comes_back_to_it()) {}
}

// One stop. True when the program now stands before its call.
bool BeforeSleep::comes_back_to_it() {
  const int stop = await_stop();
  if (stop != call_stop) {
    resume(PTRACE_SYSCALL, (stop >> 8) == event_stop ? 0 : stop & 0x7f);
    return false;
  }
  const auto entry = call_at_stop(pid_);
  if (!entry) cannot(who_, "this kernel does not tell a call's entry from its exit");
  if (!entry->entry || (entry->number != number_ && entry->number != SYS_restart_syscall)) {
    resume(PTRACE_SYSCALL);
    return false;
  }
  skip_the_call(pid_);
  resume(PTRACE_SYSCALL);
  if (await_stop() != call_stop) cannot(who_, "the call was not skipped");
  step_back(pid_, number_, entry->args[0]);
  return true;
}

// Which stop it has come to: the signal, and the event above it (waitid(2), CLD_TRAPPED).
int BeforeSleep::await_stop() const {
  siginfo_t info{};
  const auto stopped = [&] {
    info = {};
    // Its end is only looked at: the check collects nobody.
    base::must(waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT), "waitid");
    return info.si_pid != 0;
  };
  if (!wait_until(testbed_, stopped)) cannot(who_, "it does not come back to the call it slept in");
  if (info.si_code != CLD_TRAPPED) cannot(who_, "it ended");
  base::must(waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG), "waitid");
  return info.si_status;
}

void BeforeSleep::resume(long request, int signal) const {
  base::must(ptrace(static_cast<__ptrace_request>(request), pid_, nullptr, static_cast<long>(signal)), "ptrace");
}

BeforeSleep::~BeforeSleep() {
  testbed_.note_act(fmt::format("let {} go", who_));
  if (seized_) ptrace(PTRACE_DETACH, pid_, nullptr, nullptr);
}

Verdict unless_lost(const std::string& what_came, const std::string& call, Verdict verdict) {
  Evidence e = verdict.evidence();
  if (e.expected.empty()) return verdict;
  e.lines.insert(
      e.lines.begin(),
      fmt::format("{} came just before its {}(): it had looked already, and did not sleep yet", what_came, call));
  if ((e.kind == Evidence::Kind::stuck || e.kind == Evidence::Kind::waits_for_check) && e.diagnoses.empty())
    e.diagnoses.emplace_back("signal/lost-at-the-door");
  return Verdict::no(std::move(e));
}

}  // namespace play
