#include "see/motion/interval_timers.hpp"

#include <algorithm>
#include <cstring>
#include <sys/syscall.h>
#include <sys/time.h>

namespace see {
namespace {

using Clock = IntervalTimers::Clock;

/// The new value of a timer; zero takes it back.
struct Value {
  bool valid = true, known = true;
  std::chrono::microseconds after{0};
};

bool is_alarm([[maybe_unused]] const Call& call) {
#ifdef SYS_alarm
  return call.number == SYS_alarm;
#else
  return false;
#endif
}

std::chrono::microseconds microseconds(long seconds, long more) {
  constexpr long a_year = 366L * 24 * 3600;  // whatever is later is as far away
  return std::chrono::seconds(std::min(seconds, a_year)) + std::chrono::microseconds(more);
}

Value value_of(pid_t tid, const Call& call) {
  if (is_alarm(call)) return {.after = microseconds(static_cast<unsigned>(call.args[0]), 0)};
  if (call.args[1] == 0) return {};  // Linux takes no value for zero (setitimer(2))
  // The kernel's own struct: the time of the next ones, then that of the first, each in seconds and microseconds.
  long value[4];
  const std::string bytes = memory_of(tid, call.args[1], sizeof value);
  if (bytes.size() != sizeof value) return {.known = false};
  std::memcpy(value, bytes.data(), sizeof value);
  for (const size_t at : {size_t{0}, size_t{2}})
    if (value[at] < 0 || value[at + 1] < 0 || value[at + 1] >= 1000000) return {.valid = false};
  return {.after = microseconds(value[2], value[3])};
}

}  // namespace

std::optional<IntervalTimers::Change> IntervalTimers::change_by(pid_t tid, const Call& call) {
  if (!is_alarm(call) && (call.number != SYS_setitimer || static_cast<int>(call.args[0]) != ITIMER_REAL)) return std::nullopt;
  const auto status = status_of(tid);
  const auto stat = status ? stat_of(status->process) : std::nullopt;
  const Value value = value_of(tid, call);
  if (!stat || !value.valid) return std::nullopt;
  Change change{stat->pid, stat->start, std::nullopt};
  if (!value.known) change.strikes = Clock::time_point::min();  // at any moment: whoever cannot know must not accuse
  else if (value.after.count() > 0) change.strikes = Clock::now() + value.after;
  return change;
}

void IntervalTimers::note(const Change& change) {
  if (change.strikes) set_[change.process] = {change.start, *change.strikes};
  else set_.erase(change.process);
}

std::optional<Clock::time_point> IntervalTimers::strikes(const Process& process) const {
  const auto at = set_.find(process.pid());
  return at != set_.end() && at->second.start == process.stat.start ? std::optional(at->second.strikes) : std::nullopt;
}

}  // namespace see
