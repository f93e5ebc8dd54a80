#include "10-semaphore-race.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <sys/sem.h>
#include <sys/syscall.h>

#include "base/text.hpp"
#include "see/calls.hpp"

using namespace std::string_literals;

namespace permits {

Race::Race(const Semaphore& permits, const std::string& name, const std::vector<play::Watch>& watched, int number, int n, const std::string& option)
    : crowd(lab.stage(), name, 2), turnstile(lab.stage(), watched) {
  turnstile.hold([this, number](pid_t, long call) {
    if (++calls == number) held_at = call;
    return calls == number;
  });
  Words options{"-n", std::to_string(n)};
  if (!option.empty()) options.push_back(option);
  both.push_back(lab.start(base::join(words_for(permits, options, {"gate", crowd.at(0), "true"}), " "), turnstile.order()));
  static_cast<void>(play::wait_until(lab.stage(), [&] { return turnstile.held() > 0 || crowd.gate(0).is_reached_in(lab.stage().family()); }));
  if (holds_it()) lab.stage().note("hold it at "s + (held_at == SYS_semget ? "semget" : held_at == SYS_semctl ? "semctl" : held_at == SYS_semop || held_at == SYS_semtimedop ? "semop" : "the linking of its name"));
}

void Race::another_comes(const Semaphore& permits, int n, const Words& more) {
  both.push_back(limit(permits, n, {"gate", crowd.at(1), "true"}, more));
  let_it_get_on(both.back(), crowd.gate(1));
  if (holds_it()) lab.stage().note("let the first one go on");
  turnstile.open();
}

Refused::Refused(const Semaphore& permits)
    : turnstile(lab.stage(), {{SYS_semop}, {SYS_semtimedop}, {SYS_clock_nanosleep}, {SYS_nanosleep}}),
      program((turnstile.hold([this](pid_t pid, long call) { return count(pid, call), false; }),
               lab.start(base::join(words_for(permits, {"-n", "1", "--try"}, {"echo", "it-runs"}), " "), turnstile.order()))) {}

void Refused::count(pid_t pid, long number) {
  if (number != SYS_semop && number != SYS_semtimedop) {
    ++naps;
    return;
  }
  const see::Call call = see::call_of(pid, pid);
  if (call.known != see::Call::Known::yes || call.number != number || call.args[2] > 16) return;
  std::vector<sembuf> steps(call.args[2]);
  const std::string bytes = see::memory_of(pid, call.args[1], steps.size() * sizeof(sembuf));
  if (bytes.size() != steps.size() * sizeof(sembuf)) return;
  std::memcpy(steps.data(), bytes.data(), bytes.size());
  attempts += std::any_of(steps.begin(), steps.end(), [](const sembuf& s) { return s.sem_num == 0 && s.sem_op < 0 && (s.sem_flg & IPC_NOWAIT) != 0; });
}

Verdict Refused::was_decided_at_once() const {
  if (naps > 0) return Verdict::no({"it decides at once", "it slept by a clock before it gave up", {}, {}, {}, {}});
  if (attempts > 2) return Verdict::no({"it makes one attempt", fmt::format("it made {}", attempts), {}, {}, {}, {}});
  return Verdict::yes();
}

}  // namespace permits
