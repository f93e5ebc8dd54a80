#include "race.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <sys/sem.h>
#include <sys/syscall.h>


using namespace std::string_literals;

namespace permits {

Race::Race(const Semaphore& permits, const std::string& name, const std::vector<play::WatchedCall>& watched, int number, int n, const std::string& option)
    : crowd(lab.testbed(), name, 2), at_call(lab.testbed(), watched) {
  at_call.hold([this, number](pid_t, long call) {
    if (++calls == number) held_at = call;
    return calls == number;
  });
  Words options{"-n", std::to_string(n)};
  if (!option.empty()) options.push_back(option);
  both.push_back(lab.start(join(words_for(permits, options, {"gate", crowd.at(0), "true"}), " "), at_call.order()));
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return at_call.times_held() > 0 || crowd.gate(0).is_reached_in(lab.testbed().family()); }));
  if (holds_it()) lab.note("hold it at "s + (held_at == SYS_semget ? "semget" : held_at == SYS_semctl ? "semctl" : held_at == SYS_semop || held_at == SYS_semtimedop ? "semop" : "the linking of its name"));
}

void Race::another_comes(const Semaphore& permits, int n, const Words& more) {
  both.push_back(limit(permits, n, {"gate", crowd.at(1), "true"}, more));
  let_it_get_on(both.back(), crowd.gate(1));
  if (holds_it()) lab.note("let the first one go on");
  at_call.open();
}

Refused::Refused(const Semaphore& permits)
    : at_call(lab.testbed(), {{SYS_semop}, {SYS_semtimedop}, {SYS_clock_nanosleep}, {SYS_nanosleep}}),
      program((at_call.hold([this](pid_t pid, long call) { return count(pid, call), false; }),
               lab.start(join(words_for(permits, {"-n", "1", "--try"}, {"echo", "it-runs"}), " "), at_call.order()))) {}

void Refused::count(pid_t pid, long number) {
  if (number != SYS_semop && number != SYS_semtimedop) {
    ++naps;
    return;
  }
  attempts += play::takes_without_waiting(pid, number);
}

Verdict Refused::was_decided_at_once() const {
  if (naps > 0) return Verdict::no("it decides at once", "it slept by a clock before it gave up");
  if (attempts > 2) return Verdict::no("it makes one attempt", fmt::format("it made {}", attempts));
  return Verdict::yes();
}

}  // namespace permits
