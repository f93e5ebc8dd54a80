// Lab 10: what comes between: two at one moment, a signal, the end of a holder, a drop. A race is in race.hpp.
#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <sys/syscall.h>

#include "race.hpp"
#include "stories.hpp"

namespace permits {
namespace {

const std::vector<play::WatchedCall> set_calls{{SYS_semget}, {SYS_semctl}, {SYS_semop}, {SYS_semtimedop}};
const std::vector<play::WatchedCall> set_operations{{SYS_semop}, {SYS_semtimedop}};
// glibc makes a named semaphore under another name, and then links it to its own.
const std::vector<play::WatchedCall> link_calls{
#ifdef SYS_link
    {SYS_link},
#endif
    {SYS_linkat}};

// Of two that were both the first one is inside, and the other waits for that very permit.
void one_is_inside_one_waits(const Semaphore& permits, Race& race) {
  CHECK(more(race.crowd.stands_at(1), race.crowd, 1, "semaphore/made-twice"));
  CHECK(higher(permits.counts(0), permits, 0, "semaphore/made-twice"));
  const size_t other = race.crowd.gate(0).is_reached_in(lab.testbed().family()) ? 1 : 0;
  CHECK(permits.is_waited_on_by(race.both[other]));
}

// One has learnt that there is a set, and before it asks for it the set goes: it makes another one.
void dropped_before_it_is_found() {
  for (int number = 1; number <= 2; ++number) {
    const play::SemaphoreSet permits(lab.testbed());
    CHECK(limit(permits, 1, {"true"}).exits());
    Race race(permits, fmt::format("d{}-", number), {{SYS_semget}}, number, 1);
    if (!race.holds_it()) return;
    CHECK(ask(permits, "drop").exits_with(0));
    lab.note("let the first one go on");
    race.at_call.open();
    CHECK(race.crowd.stands_at(1));
    CHECK(permits.counts(0));
  }
}

// Of two with --try one is held in front of each of its operations while the other takes the only permit.
void tries_while_another_takes() {
  for (int number = 1; number <= 2; ++number) {
    const play::SemaphoreSet permits(lab.testbed());
    auto gate = lab.gate(fmt::format("made-{}", number));
    auto maker = limit(permits, 1, {"gate", fmt::format("made-{}", number), "true"});
    CHECK(gate.is_reached());
    gate.open();
    CHECK(maker.exits());
    Race race(permits, fmt::format("r{}-", number), set_operations, number, 1, "--try");
    if (!race.holds_it()) return;  // it is inside, after fewer calls
    race.another_comes(permits, 1);
    CHECK(race.crowd.gate(1).is_reached());
    CHECK(race.both[0].exits_with(124).is_explained_by("semaphore/look-then-wait", permits.waiter_of(race.both[0].pid()) != 0));
  }
}

}  // namespace

void two_first_ones(Kind kind) {
  if (kind == Kind::posix) {
    const play::NamedSemaphore permits(lab.testbed());
    Race race(permits, "p", link_calls, 1, 1);
    race.another_comes(permits, 1);
    one_is_inside_one_waits(permits, race);
  }
  for (int number = 1; kind == Kind::sysv && number <= 4; ++number) {
    const play::SemaphoreSet permits(lab.testbed());
    Race race(permits, fmt::format("s{}-", number), set_calls, number, 1);
    race.another_comes(permits, 1);
    one_is_inside_one_waits(permits, race);
  }
  const auto shared = fresh(kind);
  play::Crowd crowd(lab.testbed(), "many-", 8);
  for (int i = 0; i < 8; ++i) limit(*shared, 2, {"gate", crowd.at(i), "true"});
  CHECK(more(crowd.stands_at(2), crowd, 2, "semaphore/made-twice"));
  CHECK(higher(shared->counts(0), *shared, 0, "semaphore/made-twice"));
}

void killed_while_its_command_runs() {
  const play::NamedSemaphore permits(lab.testbed());
  play::Crowd crowd(lab.testbed(), "p", 3);
  std::deque<Program> programs;
  for (int i = 0; i < 3; ++i) {
    programs.push_back(limit(permits, 2, {"gate", crowd.at(i), "true"}));
    CHECK(crowd.stands_at(std::min(i + 1, 2)));
  }
  programs[0].send(SIGKILL);
  CHECK(crowd.gate(0).is_gone().means("process/outlives-its-parent"));
  CHECK(crowd.stands_at(1));
  CHECK(permits.counts(0));
}

void killed_and_undone() {
  const play::SemaphoreSet permits(lab.testbed());
  play::Crowd crowd(lab.testbed(), "s", 5);
  std::deque<Program> programs;
  for (int i = 0; i < 5; ++i) {
    programs.push_back(limit(permits, 2, {"gate", crowd.at(i), "true"}));
    CHECK(crowd.stands_at(std::min(i + 1, 2)));
    if (i != 1) continue;
    crowd.gate(1).open();  // one gives its permit back in the ordinary way, while another has one
    CHECK(programs[1].exits());
    CHECK(crowd.stands_at(1));
  }
  programs[0].send(SIGKILL);
  CHECK(crowd.gate(0).is_gone().means("process/outlives-its-parent"));
  CHECK(is_undone(crowd.stands_at(2), permits));
  CHECK(permits.counts(0));
  for (int left = 3; left > 0; --left) {
    CHECK(crowd.stands_at(std::min(left, 2)));
    crowd.let_one_go();
  }
  CHECK(permits.counts(2));
}

void killed_while_it_waits(Kind kind) {
  for (const int s : {SIGKILL, SIGTERM, SIGHUP, SIGINT}) {
    const auto permits = fresh(kind);
    const std::string name = play::signal_name(s);
    auto gate = lab.gate(name);
    auto holder = limit(*permits, 1, {"gate", name, "true"});
    CHECK(gate.is_reached());
    auto waiter = limit(*permits, 1, {"true"});
    CHECK(permits->is_waited_on_by(waiter));
    waiter.send(s);
    CHECK(waiter.is_gone());
    CHECK(ends_without_success(waiter));
    if (const auto* const set = dynamic_cast<play::SemaphoreSet*>(permits.get())) CHECK(set->has_waiting(0));
    CHECK(higher(permits->counts(0), *permits, 0, "semaphore/given-too-often"));
  }
}

void interrupted_while_it_waits(Kind kind) {
  const auto permits = fresh(kind);
  play::Crowd crowd(lab.testbed(), "g", 2);
  limit(*permits, 1, {"gate", crowd.at(0), "true"});
  CHECK(crowd.stands_at(1));
  auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
  CHECK(permits->is_waited_on_by(waiter));
  const Waiter asleep(*permits, waiter);
  for (int i = 0; i < 3; ++i) {
    asleep.freeze();
    asleep.thaw();
    CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/interrupted"));
    CHECK(gave_up(permits->is_waited_on_by(waiter), waiter));
  }
  const play::Report report = play::attach_strace(lab.testbed(), asleep, {"-e", "inject=futex,semop,semtimedop,restart_syscall:error=EINTR:when=1..5"});
  CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/interrupted"));
  CHECK(gave_up(waiter.stays_alive(), waiter));
  was_interrupted(report, 5);
  CHECK(permits->counts(0));
}

void at_once_or_not_at_all(Kind kind) {
  const auto permits = fresh(kind), free = fresh(kind);
  auto inside = lab.gate("first"), at_once = lab.gate("at-once");
  limit(*permits, 1, {"gate", "first", "true"});
  CHECK(inside.is_reached());
  Refused refused(*permits);
  CHECK(refused.program.exits_with(124));
  CHECK(refused.program.prints_only(""));
  CHECK(refused.was_decided_at_once());
  CHECK(higher(permits->counts(0), *permits, 0, "semaphore/given-too-often"));
  limit(*free, 1, {"gate", "at-once", "true"}, {"--try"});
  CHECK(at_once.is_reached());
  CHECK(free->counts(0));
  if (kind == Kind::sysv) tries_while_another_takes();
}

void dropped_while_in_use(Kind kind) {
  const auto permits = fresh(kind);
  const bool posix = kind == Kind::posix;
  play::Crowd crowd(lab.testbed(), "g", 3);
  auto holder = limit(*permits, 1, {"gate", crowd.at(0), "true"});
  CHECK(crowd.stands_at(1));
  auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
  CHECK(permits->is_waited_on_by(waiter));
  CHECK(ask(*permits, "drop").exits_with(0));
  CHECK(permits->is_gone());
  if (posix) CHECK(crowd.stands_at(1));
  else CHECK(waiter.exits_with(125));
  if (!posix) CHECK(waiter.complains(permits->name()));
  auto next = limit(*permits, 1, {"gate", crowd.at(2), "true"});
  CHECK(crowd.gate(2).is_reached());
  CHECK(permits->counts(0));
  CHECK(crowd.gate(0).is_reached());
  crowd.gate(0).open();
  CHECK(holder.exits_with(0));
  if (posix) CHECK(crowd.gate(1).is_reached());
  CHECK(permits->counts(0));
  if (!posix) dropped_before_it_is_found();
}

}  // namespace permits
