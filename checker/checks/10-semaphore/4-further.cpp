// Lab 10, beyond the 100 points: a wait that has an end, and a try that comes before the first value.
#include <fmt/format.h>
#include <sys/syscall.h>

#include "answers.hpp"
#include "race.hpp"
#include "check.hpp"

using namespace permits;
using namespace std::string_literals;

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("--timeout SECONDS: 124 when no permit came free in time, and not before; one that comes in time is used"
          * id("timeout") * stretch() * todo(7) * needs("posix") * needs("sysv") * needs("posix-try") * needs("sysv-try") * needs("posix-interruption") * needs("sysv-interruption")
          * hint("order.until is a moment on CLOCK_MONOTONIC. semtimedop(2) wants what is left until then, reckoned anew after an interruption; sem_timedwait(3) wants a moment on CLOCK_REALTIME; sem_clockwait takes the clock too.")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), letter, 2);
    auto holder = limit(*permits, 1, {"gate", crowd.at(0), "true"});
    CHECK(crowd.stands_at(1));
    for (const auto& [text, seconds] : {std::pair{"0.5", 0.5}, {"0", 0.0}}) {
      const double begin = lab.testbed().seconds();
      auto late = limit(*permits, 1, {"echo", "it runs"}, {"--timeout", text});
      CHECK(late.exits_with(124));
      CHECK(at_least(seconds, lab.testbed().seconds() - begin));
      CHECK(late.prints_only(""));
      CHECK(permits->counts(0));
    }
    auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"}, {"--timeout", "3600"});
    CHECK(permits->is_waited_on_by(waiter));
    const Waiter asleep(*permits, waiter);
    const auto before = permits == &kinds.sysv ? play::time_left(asleep) : std::nullopt;
    asleep.freeze();
    const double frozen = lab.testbed().seconds();
    while (lab.testbed().seconds() - frozen < 0.02) CHECK(holder.stays_alive());
    asleep.thaw();
    if (permits == &kinds.sysv) CHECK(permits->is_waited_on_by(waiter));
    if (before) CHECK(at_most(*before - 0.02, play::time_left(asleep).value_or(0)));
    crowd.let_one_go();
    CHECK(crowd.gate(1).is_reached());
    crowd.let_one_go();
    CHECK(waiter.exits_with(0));
    CHECK(permits->counts(1));
    CHECK(limit(*permits, 1, {"true"}, {"--timeout", "0"}).exits_with(0));
  }
}

TEST_CASE("--sysv --try while the set has no value yet: it waits for the value, and then decides"
          * id("early-try") * stretch() * needs("sysv-try") * needs("sysv-made-once")
          * hint("0 may mean that all are taken, or that nobody has put any in. Which second thing could the maker change in the same semop(2)? Or what does the kernel note of the last one: sem_otime, semctl(2)")) {
  const play::SemaphoreSet permits(lab.testbed());
  const std::vector<play::WatchedCall> giving{{SYS_semctl}, {SYS_semop}, {SYS_semtimedop}};
  Race race(permits, "g", giving, 1, 2);
  race.another_comes(permits, 2, {"--try"});
  Verdict both = race.crowd.stands_at(2);
  CHECK(std::move(both).means("semaphore/not-made-yet", race.both[1].exits_with(124).passed()));
  for (int i = 0; i < 2; ++i) CHECK(race.both[static_cast<size_t>(race.crowd.let_one_go())].exits_with(0));
  CHECK(permits.counts(2));
}

TEST_SUITE_END();
