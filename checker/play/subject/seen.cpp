#include "play/subject/seen.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "see/calls.hpp"
#include "see/open_ends.hpp"
#include "see/proc.hpp"

namespace play {

std::vector<Seen> children_of(pid_t parent) {
  std::vector<Seen> seen;
  for (const pid_t pid : see::children_of(parent))
    if (const auto stat = see::stat_of(pid))
      seen.push_back({pid, see::inner_pid_of(pid), stat->name, stat->state == 'Z', stat->state == 'T'});
  return seen;
}

see::InnerPid inside(pid_t pid) { return see::inner_pid_of(pid); }

see::InnerPid parent_inside(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat ? see::inner_pid_of(stat->parent) : see::InnerPid{};
}

std::string program_of(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat ? stat->name : std::string{};
}

pid_t parent_of(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return stat ? stat->parent : 0;
}

bool shares_session(pid_t pid, pid_t other) {
  const auto mine = see::stat_of(pid), theirs = see::stat_of(other);
  return mine && theirs && mine->session == theirs->session;
}

bool is_stopped_in(pid_t pid, long call, unsigned long request) {
  const auto stat = see::stat_of(pid);
  if (!stat || stat->state != 'T') return false;
  const see::Call now = see::call_of(pid, pid);
  return now.known == see::Call::Known::yes && now.number == call && (request == 0 || now.args[1] == request);
}

bool has_ended(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return !stat || stat->state == 'Z';
}

bool has_gone(pid_t pid) { return !see::stat_of(pid); }

bool hears_only(const Testbed& testbed, pid_t pid, pid_t writer) {
  const see::OpenEnds ends(testbed.family_and_held(), getpid());
  const auto is_its = [&](int fd) {
    const see::Descriptor* open = ends.at(pid, fd);
    if (!open || !S_ISFIFO(open->type)) return false;
    const auto writers = ends.of({open->device, open->inode}, see::End::writing);
    return !writers.empty() && std::all_of(writers.begin(), writers.end(), [&](const see::OpenEnd& w) { return w.pid == writer; });
  };
  for (const see::Call& call : see::sleeping_calls(pid)) {
    const see::CallFacts* facts = see::facts_of(call.number);
    if (facts && facts->on == see::On::reading && is_its(static_cast<int>(call.args[static_cast<size_t>(facts->object)]))) return true;
    if (!facts || facts->on != see::On::many) continue;
    for (const see::Polled& p : see::polled_by(pid, call).value_or(std::vector<see::Polled>{}))
      if (p.for_reading && is_its(p.fd)) return true;
  }
  return false;
}

bool has_pidfd_of(pid_t pid, pid_t of) {
  // The kernel numbers it as whoever looks does, or as the program does: that is the affair of the /proc that is asked.
  const std::string here = fmt::format("\nPid:\t{}\n", of), there = fmt::format("\nPid:\t{}\n", inside(of));
  const auto open = see::descriptors_of(pid);
  return std::any_of(open.begin(), open.end(), [&](const see::Descriptor& d) {
    return d.details.find(here) != std::string::npos || d.details.find(there) != std::string::npos;
  });
}

std::string kernel_setting(const std::string& name) {
  try {
    return base::read_file("/proc/sys/" + name);
  } catch (const std::system_error&) {
    return {};
  }
}

std::string signal_name(int signal) { return see::signal_name(signal); }
std::string call_name(long number) { return see::name_of(number); }

}  // namespace play
