#include "play/start/strace.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

constexpr const char* strace = "/usr/bin/strace";

std::string stat_name(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat ? stat->name : "";
}

pid_t tracer_of(pid_t pid) {
  const std::string text = base::read_file(fmt::format("/proc/{}/status", pid));
  const size_t at = text.find("TracerPid:");
  return at == std::string::npos ? 0 : static_cast<pid_t>(std::atoi(text.c_str() + at + 10));
}

bool waits_for_a_child(pid_t pid) {
  const auto stat = see::stat_of(pid);
  const see::Call call = see::call_of(pid, pid);
  const see::CallFacts* facts = call.known == see::Call::Known::yes ? see::facts_of(call.number) : nullptr;
  return stat && stat->state == 'S' && facts && facts->on == see::On::child;
}

void need_strace(const Testbed& testbed) {
  if (!strace_is_here(testbed)) throw std::runtime_error("strace is not installed, and this check needs it");
}

// Where Yama lets only ancestors trace, what we started has allowed it (room/spawn.cpp), but not what that has forked: strace keeps
// this one right in the room's user namespace through its exec. Without namespaces we have none to give, and it goes as far as it does.
void may_trace_whom_it_did_not_start() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, sets) < 0) return;
  sets[0].inheritable |= 1U << CAP_SYS_PTRACE;
  if (syscall(SYS_capset, &header, sets) == 0) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_PTRACE, 0, 0);
}

}  // namespace

bool strace_is_here(const Testbed& testbed) { return access(testbed.room().outside(strace).c_str(), X_OK) == 0; }

Program start_below_strace(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                           const std::vector<std::string>& options, room::Order order, const std::string& report) {
  need_strace(testbed);
  std::vector<std::string> all{"-f", "-qq", "-I3", "-o", report};
  all.insert(all.end(), options.begin(), options.end());
  all.push_back(testbed.room().programs() + "/" + program);
  all.insert(all.end(), words.begin(), words.end());
  Started& started = testbed.start_path(strace, all, Testbed::Tie::streams, std::move(order));
  // Until the program has been executed, strace's child is strace itself, and stops until its parent lets it go on:
  // so far the parent's running is the motion that counts.
  const auto executed = [&] {
    for (const pid_t child : see::children_of(started.pid))
      if (stat_name(child) == program.substr(0, 15)) started.subject = child;
    return started.subject != 0 || started.ending;
  };
  if (!wait_until(testbed, executed)) throw std::runtime_error("strace did not start " + program);
  testbed.add_helper(started.pid);
  started.name = program;
  started.argv = {program};
  started.argv.insert(started.argv.end(), words.begin(), words.end());
  return {testbed, started};
}

void attach_strace(Testbed& testbed, const Observed& subject, const std::vector<std::string>& options,
                   const std::string& report) {
  need_strace(testbed);
  std::vector<std::string> all{"-qq", "-o", report, "-p", subject.inside().text()};
  all.insert(all.begin(), options.begin(), options.end());
  room::Order order;
  order.prepare = may_trace_whom_it_did_not_start;
  const Started& started = testbed.start_path(strace, all, Testbed::Tie::streams, std::move(order));
  // Only then is it a helper: until it has attached and waits for what comes, its running is the motion that counts.
  const Waited attached = wait_until(
      testbed, [&] { return (tracer_of(subject.pid()) != 0 && waits_for_a_child(started.pid)) || started.ending; });
  // With its subject it ends well: what was done to that one has ended it.
  if (!attached || (started.ending && (started.ending->by_signal || started.ending->status != 0)))
    throw std::runtime_error("strace could not attach: " + base::quote(started.err.text));
  testbed.add_helper(started.pid);
}

}  // namespace play
