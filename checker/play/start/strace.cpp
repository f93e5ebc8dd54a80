#include "play/start/strace.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/start/inherit.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

constexpr const char* strace = "/usr/bin/strace";

std::string stat_name(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat ? stat->name : "";
}

pid_t tracer_of(pid_t pid) {
  const auto status = see::status_of(pid);
  return status ? status->tracer : 0;
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

// This right in the room's user namespace is kept by strace through its exec. It traces with it whom it did not start, where Yama
// lets only ancestors; and nobody who lacks it may trace strace, or look at its memory and descriptors (ptrace(2), "access mode
// checking"). Without namespaces we have none to give, and it goes as far as it does.
void keep_the_right_to_trace() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, sets) < 0) return;
  sets[0].inheritable |= 1U << CAP_SYS_PTRACE;
  if (syscall(SYS_capset, &header, sets) == 0) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_PTRACE, 0, 0);
}

// Where strace finds what it writes to: above every descriptor that the order names.
int free_number(const room::Order& order) {
  int number = 3;
  for (const auto& [ours, theirs] : order.descriptors) number = std::max(number, theirs + 1);
  return number;
}

struct Parts {
  base::Fd report;
  std::vector<std::string> words{"-qq", "-o"};
  room::Order order;
  int number = 0;
};

// Nothing that is written there can be taken back by making it shorter.
Parts parts_of(room::Order order) {
  Parts parts;
  parts.report = base::Fd(base::must(memfd_create("strace", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create"));
  base::must(fcntl(parts.report.get(), F_ADD_SEALS, F_SEAL_SHRINK), "F_ADD_SEALS");
  parts.number = free_number(order);
  parts.words.push_back(fmt::format("/proc/self/fd/{}", parts.number));
  order.descriptors.emplace_back(parts.report.get(), parts.number);
  parts.order = inheriting(keep_the_right_to_trace, std::move(order));
  return parts;
}

bool is_stopped(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat && stat->state == 'T';
}

}  // namespace

bool strace_is_here(const Testbed& testbed) { return access(testbed.room().outside(strace).c_str(), X_OK) == 0; }

std::string Report::text_so_far() const {
  struct stat info {};
  base::must(fstat(strace_->report.get(), &info), "fstat");
  std::string text(static_cast<size_t>(info.st_size), '\0');
  const ssize_t got = base::must(pread(strace_->report.get(), text.data(), text.size(), 0), "pread");
  text.resize(static_cast<size_t>(got));
  return text;
}

std::string Report::text() const {
  testbed_->pump();
  const std::string expected = "strace, by which this check watches it, is left alone";
  const auto& ending = strace_->ending;
  if (ending && (ending->of_tracer || (strace_->name == "strace" && ending->by_signal)))
    throw Obstructed(expected, "strace was ended by " + see::signal_name(ending->status));
  if (!ending && is_stopped(strace_->pid)) throw Obstructed(expected, "strace was stopped by a signal");
  return text_so_far();
}

long injected_in(const std::string& report) {
  const std::vector<std::string> lines = base::split(report, '\n');
  return std::count_if(lines.begin(), lines.end(), [](const std::string& line) { return line.find("INJECTED") != std::string::npos; });
}

BelowStrace start_below_strace(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                               const std::vector<std::string>& options, room::Order order) {
  need_strace(testbed);
  const std::string folder = testbed.room().programs() + "/";
  Parts parts = parts_of(std::move(order));
  base::Pipe go = base::make_pipe();
  parts.order.descriptors.emplace_back(go.read_end.get(), parts.number + 1);
  std::vector<std::string> all{"-f", "-I3"};
  all.insert(all.end(), parts.words.begin(), parts.words.end());
  all.insert(all.end(), options.begin(), options.end());
  for (const std::string& word : {folder + "below_strace", std::to_string(parts.number), folder + program}) all.push_back(word);
  all.insert(all.end(), words.begin(), words.end());
  Started& started = testbed.start_path(strace, all, Testbed::Tie::streams, std::move(parts.order));
  started.report = std::move(parts.report);
  go.read_end.reset();
  // Until ours has been executed, strace's child is strace itself, and stops until its parent lets it go on: so far the
  // parent's running is the motion that counts.
  const auto named = [&](const std::string& name) {
    return [&started, name = name.substr(0, 15)] {
      for (const pid_t child : see::children_of(started.pid))
        if (stat_name(child) == name) started.subject = child;
      return (started.subject != 0 && stat_name(started.subject) == name) || started.ending;
    };
  };
  if (!wait_until(testbed, named("below_strace")) || started.subject == 0) throw std::runtime_error("strace did not start " + program);
  // Now it is known who will be the program, whatever that does first.
  go.write_end.reset();
  const auto executed = [&] { return stat_name(started.subject) != "below_strace" || started.ending; };
  if (!wait_until(testbed, executed)) throw std::runtime_error("strace did not start " + program);
  testbed.add_helper(started.pid);
  started.name = program;
  started.argv = {program};
  started.argv.insert(started.argv.end(), words.begin(), words.end());
  return {testbed, started};
}

Report attach_strace(Testbed& testbed, const Observed& subject, const std::vector<std::string>& options) {
  need_strace(testbed);
  Parts parts = parts_of({});
  std::vector<std::string> all = options;
  all.insert(all.end(), parts.words.begin(), parts.words.end());
  for (const std::string& word : {std::string("-p"), subject.inside().text()}) all.push_back(word);
  Started& started = testbed.start_path(strace, all, Testbed::Tie::streams, std::move(parts.order));
  started.report = std::move(parts.report);
  // Only then is it a helper: until it has attached and waits for what comes, its running is the motion that counts.
  const Waited attached = wait_until(
      testbed, [&] { return (tracer_of(subject.pid()) != 0 && waits_for_a_child(started.pid)) || started.ending; });
  // With its subject it ends well: what was done to that one has ended it.
  const Report report(testbed, started);
  static_cast<void>(report.text());
  if (!attached || (started.ending && started.ending->status != 0))
    throw std::runtime_error("strace could not attach: " + base::quote(started.err.text));
  testbed.add_helper(started.pid);
  return report;
}

}  // namespace play
