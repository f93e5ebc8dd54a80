#include "play/subject/seen.hpp"

#include "base/fd.hpp"
#include "see/calls.hpp"
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

bool has_ended(pid_t pid) {
  const auto stat = see::stat_of(pid);
  return !stat || stat->state == 'Z';
}

bool has_gone(pid_t pid) { return !see::stat_of(pid); }

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
