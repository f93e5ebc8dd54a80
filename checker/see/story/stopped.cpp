#include "see/story/stopped.hpp"

#include <algorithm>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace see {
namespace {

// The thread sleeps in a wait for this very child, or for any, and only its end would be told.
bool waits_for_its_end(const Thread& t, const Process& child) {
  if (t.call.known != Call::Known::yes) return false;
  const auto& args = t.call.args;
  if (t.call.number == SYS_wait4) {
    const auto wanted = static_cast<pid_t>(args[0]);
    return (wanted == -1 || wanted == child.status.inner_pid.number) && (args[2] & WUNTRACED) == 0;
  }
  if (t.call.number != SYS_waitid || (args[3] & WSTOPPED) != 0) return false;
  return args[0] == P_ALL || (args[0] == P_PID && static_cast<pid_t>(args[1]) == child.status.inner_pid.number);
}

}  // namespace

bool waits_for_a_stopped_child(const Family& family) {
  return std::any_of(family.begin(), family.end(), [&](const Process& child) {
    const Process* parent = child.stat.state == 'T' ? find(family, child.stat.parent) : nullptr;
    return parent && std::any_of(parent->threads.begin(), parent->threads.end(),
                                 [&](const Thread& t) { return waits_for_its_end(t, child); });
  });
}

}  // namespace see
