#include "see/motion/interval_timers.hpp"

#include <cstring>
#include <sys/syscall.h>
#include <sys/time.h>

namespace see {
namespace {

bool sets_a_timer(pid_t tid, const Call& call) {
#ifdef SYS_alarm
  if (call.number == SYS_alarm) return static_cast<unsigned>(call.args[0]) != 0;
#endif
  if (call.args[1] == 0) return false;  // Linux takes no value for zero (setitimer(2))
  itimerval value{};
  const std::string bytes = memory_of(tid, call.args[1], sizeof value);
  if (bytes.size() != sizeof value) return true;  // unreadable: whoever cannot know must not accuse
  std::memcpy(&value, bytes.data(), sizeof value);
  return value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0;
}

bool is_about_the_wall_clock(const Call& call) {
#ifdef SYS_alarm
  if (call.number == SYS_alarm) return true;
#endif
  return call.number == SYS_setitimer && static_cast<int>(call.args[0]) == ITIMER_REAL;
}

}  // namespace

void IntervalTimers::note(pid_t tid, const Call& call) {
  if (!is_about_the_wall_clock(call)) return;
  const auto status = status_of(tid);
  const auto stat = status ? stat_of(status->process) : std::nullopt;
  if (!stat) return;
  if (sets_a_timer(tid, call)) since_[stat->pid] = stat->start;
  else since_.erase(stat->pid);
}

bool IntervalTimers::runs_for(const Process& process) const {
  const auto at = since_.find(process.pid());
  return at != since_.end() && at->second == process.stat.start;
}

}  // namespace see
