#include "10-semaphore-race.hpp"

#include <sys/syscall.h>

#include "base/text.hpp"

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

}  // namespace permits
