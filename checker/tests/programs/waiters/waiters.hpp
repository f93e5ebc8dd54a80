// What the programs that wait for something that comes have in common (main.cpp says what they are).
#pragma once

#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace waiters {

using Named = std::map<std::string, std::function<void()>>;

constexpr int brief = 60;  // milliseconds: longer than a verdict of "quiet" takes

inline void fall_asleep(int ms) { usleep(static_cast<useconds_t>(ms) * 1000); }

inline void collect_all() {
  while (wait(nullptr) > 0) {}
}

inline itimerspec in_ms(int ms) {
  itimerspec when{};
  when.it_value.tv_nsec = ms * 1000000L;
  return when;
}

inline void heard(int) {}

inline void alarm_in_ms(int ms) {
  itimerval when{};
  when.it_value.tv_usec = ms * 1000;
  setitimer(ITIMER_REAL, &when, nullptr);
}

extern const Named for_the_clock, for_a_signal, for_others;

}  // namespace waiters
