// Lab 10: what comes between: two at one moment, a signal, the end of a holder, a drop. The words are explained in check.hpp,
// those on permits in play/object/semaphores.hpp, a race in race.hpp.
#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <sys/syscall.h>

#include "answers.hpp"
#include "race.hpp"
#include "check.hpp"

using namespace permits;
using namespace std::string_literals;

namespace {

const std::vector<play::WatchedCall> set_calls{{SYS_semget}, {SYS_semctl}, {SYS_semop}, {SYS_semtimedop}};
const std::vector<play::WatchedCall> set_operations{{SYS_semop}, {SYS_semtimedop}};
// glibc makes a named semaphore under another name, and then links it to its own.
const std::vector<play::WatchedCall> link_calls{
#ifdef SYS_link
    {SYS_link},
#endif
    {SYS_linkat}};

// Of two that were both the first: one is inside, the other waits, and later has its turn.
void one_then_the_other(const Semaphore& permits, Race& race) {
  CHECK(more(race.crowd.stands_at(1), race.crowd, 1, "semaphore/made-twice"));
  CHECK(higher(permits.counts(0), permits, 0, "semaphore/made-twice"));
  for (int i = 0; i < 2; ++i) {
    CHECK(race.crowd.stands_at(1));
    CHECK(race.both[static_cast<size_t>(race.crowd.let_one_go())].exits_with(0));
  }
  CHECK(permits.counts(1));
}

// One has learnt that there is a set, and before it asks for it the set goes: it makes another one.
void dropped_before_it_is_found() {
  for (int number = 1; number <= 2; ++number) {
    const play::SemaphoreSet permits(lab.testbed());
    CHECK(limit(permits, 1, {"true"}).exits_with(0));
    Race race(permits, fmt::format("d{}-", number), {{SYS_semget}}, number, 1);
    if (!race.holds_it()) return;
    CHECK(ask(permits, "drop").exits_with(0));
    lab.note("let the first one go on");
    race.at_call.open();
    CHECK(race.crowd.stands_at(1));
    CHECK(permits.counts(0));
    race.crowd.let_one_go();
    CHECK(race.both[0].exits_with(0));
  }
}

// All 32 bits of a key count: with the highest one it is another key, and there is no such set.
void another_key_is_another_set(const play::SemaphoreSet& permits) {
  const std::string other = fmt::format("{:#x}", std::stoul(permits.name(), nullptr, 0) ^ 0x80000000UL);
  CHECK(lab.start_words({"--sysv", "stat", other}).exits_with(125));
}

room::Order with_usr1_blocked() {
  return play::inheriting([] { play::block_signals({SIGUSR1}); });
}

}  // namespace

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("two first ones at one time make the permits once"
          * id("made-once") * points(10) * needs("first-n") * needs("sleeps")
          * hint("Between your look and your next call another one may have done the same. Which one call both looks and makes? And what does the other see before the set has its value?")) {
  for (int number = 1; number <= 4; ++number) {
    const play::SemaphoreSet permits(lab.testbed());
    Race race(permits, fmt::format("s{}-", number), set_calls, number, 1);
    race.another_comes(permits, 1);
    one_then_the_other(permits, race);
  }
  const play::NamedSemaphore permits(lab.testbed());
  Race race(permits, "p", link_calls, 1, 1);
  race.another_comes(permits, 1);
  one_then_the_other(permits, race);
  Kinds kinds;
  for (auto& [shared, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), "many-" + letter, 8);
    for (int i = 0; i < 8; ++i) limit(*shared, 2, {"gate", crowd.at(i), "true"});
    CHECK(more(crowd.stands_at(2), crowd, 2, "semaphore/made-twice"));
    CHECK(higher(shared->counts(0), *shared, 0, "semaphore/made-twice"));
  }
}

TEST_CASE("limit is killed while its command runs: with --posix the permit is lost, with --sysv it comes back"
          * id("killed-holder") * points(15) * needs("posix-n") * needs("sysv-n")
          * hint("A killed process gives nothing back. Who could do it in its place, and what has to be said beforehand? semop(2): SEM_UNDO")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), letter, 5);
    std::vector<Program> programs;
    for (int i = 0; i < 5; ++i) {
      programs.push_back(limit(*permits, 2, {"gate", crowd.at(i), "true"}));
      CHECK(crowd.stands_at(std::min(i + 1, 2)));
      if (i != 1) continue;
      crowd.gate(1).open();  // one gives its permit back in the ordinary way, while another has one
      CHECK(programs[1].exits_with(0));
      CHECK(crowd.stands_at(1));
    }
    programs[0].send(SIGKILL);
    CHECK(crowd.gate(0).is_gone().means("process/outlives-its-parent"));
    const int left_over = permits == &kinds.posix ? 1 : 2;
    CHECK(is_undone(crowd.stands_at(left_over), *permits));
    CHECK(permits->counts(0));
    for (int left = 3; left > 0; --left) {
      CHECK(crowd.stands_at(std::min(left, left_over)));
      crowd.let_one_go();
    }
    CHECK(permits->counts(left_over));
  }
}

TEST_CASE("a waiting limit that is killed has taken nothing; a signal for a running one reaches its command"
          * id("killed-waiter") * points(5) * needs("sleeps")
          * hint("Who waits has nothing to give back, and dies of SIGTERM as any program does: block signals only when you are inside, as run() does.")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    for (const int s : {SIGKILL, SIGTERM, SIGHUP}) {
      play::Crowd crowd(lab.testbed(), letter + std::to_string(s) + "-", 2);
      auto holder = limit(*permits, 1, {"gate", crowd.at(0), "true"});
      CHECK(crowd.stands_at(1));
      auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
      CHECK(permits->is_waited_on_by(waiter));
      waiter.send(s);
      CHECK(waiter.is_gone());
      CHECK(ends_without_success(waiter));
      if (permits == &kinds.sysv) CHECK(kinds.sysv.has_waiting(0));
      crowd.let_one_go();
      CHECK(holder.exits_with(0));
      CHECK(higher(permits->counts(1), *permits, 1, "semaphore/given-too-often"));
    }
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) {
      const std::string name = letter + play::signal_name(s);
      auto gate = lab.gate(name);
      auto holder = limit(*permits, 1, {"sh", "-c", "trap 'echo heard; exit 5' TERM INT HUP; gate " + name + " true"});
      CHECK(gate.is_reached());
      holder.send(s);
      CHECK(holder.stays_alive());
      gate.open();
      CHECK(holder.prints_only("heard\n"));
      CHECK(holder.exits_with(5));
      CHECK(permits->counts(1));
    }
    auto gate = lab.gate(letter + "-two");
    auto holder = limit(*permits, 1, {"sh", "-c", "trap 'echo TERM' TERM; trap 'echo HUP' HUP; gate " + letter + "-two true; exit 0"});
    CHECK(gate.is_reached());
    for (const int s : {SIGTERM, SIGHUP}) {
      holder.send(s);
      CHECK(holder.stays_alive());
    }
    gate.open();
    CHECK(holder.prints_in_any_order({"HUP", "TERM"}));
    CHECK(holder.exits_with(0));
  }
}

TEST_CASE("an interrupted wait is neither a permit nor an error: it waits on"
          * id("interruption") * points(10) * needs("sleeps")
          * hint("sem_wait(3) and semop(2) return -1 with EINTR when they were interrupted. What has happened to the count then? And Ctrl-Z is an interruption for semop(2).")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), letter, 2);
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
    play::attach_strace(lab.testbed(), asleep, {"-e", "inject=futex,semop,semtimedop,restart_syscall:error=EINTR:when=1..5"}, "report-" + letter);
    CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/interrupted"));
    CHECK(gave_up(waiter.stays_alive(), waiter));
    was_interrupted("report-" + letter, 5);
    CHECK(permits->counts(0));
    crowd.let_one_go();
    CHECK(crowd.gate(1).is_reached());
    crowd.let_one_go();
    CHECK(waiter.exits_with(0));
    CHECK(permits->counts(1));
  }
}

TEST_CASE("--try: inside at once, or 124: one attempt, not a look and then a wait"
          * id("try") * points(5) * needs("sleeps")
          * hint("What you have seen may have changed before your next call: sem_trywait(3), IPC_NOWAIT in semop(2). And who took nothing gives nothing back.")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    auto inside = lab.gate(letter + "-first"), at_once = lab.gate(letter + "-at-once");
    auto holder = limit(*permits, 1, {"gate", letter + "-first", "true"});
    CHECK(inside.is_reached());
    Refused refused(*permits);
    CHECK(refused.program.exits_with(124));
    CHECK(refused.program.prints_only(""));
    CHECK(refused.was_decided_at_once());
    CHECK(higher(permits->counts(0), *permits, 0, "semaphore/given-too-often"));
    inside.open();
    CHECK(holder.exits_with(0));
    CHECK(permits->counts(1));
    auto admitted = limit(*permits, 1, {"gate", letter + "-at-once", "sh", "-c", "exit 7"}, {"--try"});
    CHECK(at_once.is_reached());
    CHECK(permits->counts(0));
    at_once.open();
    CHECK(admitted.exits_with(7));
    CHECK(permits->counts(1));
  }
  for (int number = 1; number <= 2; ++number) {
    Race race(kinds.sysv, fmt::format("r{}-", number), set_operations, number, 1, "--try");
    if (!race.holds_it()) break;  // it is inside, after fewer calls
    race.another_comes(kinds.sysv, 1);
    CHECK(race.crowd.gate(1).is_reached());
    CHECK(race.both[0].exits_with(124).is_explained_by("semaphore/look-then-wait", kinds.sysv.waiter_of(race.both[0].pid()) != 0));
    race.crowd.let_one_go();
    CHECK(race.both[1].exits_with(0));
    CHECK(kinds.sysv.counts(1));
  }
}

TEST_CASE("drop while in use: who runs comes to its end; and a command inherits nothing of limit's"
          * id("drop") * points(5) * needs("sleeps")
          * hint("sem_unlink(3) takes away the name; the semaphore lives on while somebody has it. IPC_RMID takes away the set, and who waits is told so: EIDRM. Who gives to it later gets EINVAL, and has run its command all the same.")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), letter, 3);
    auto holder = lab.start(join(words_for(*permits, {"-n", "1"}, {"gate", crowd.at(0), "false"}), " "), with_usr1_blocked());
    CHECK(crowd.stands_at(1));
    CHECK(is_private(*permits));
    const play::Gate& command = crowd.gate(0);
    CHECK(command.keeps_open({0, 1, 2}, "descriptor/leaked-to-the-command"));
    for (const int fd : {0, 1, 2}) CHECK(command.shares(fd, holder, fd));
    CHECK(command.blocks_only({SIGUSR1}));  // what limit was given
    CHECK(is_itself_or_its_child(command, holder));
    auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
    CHECK(permits->is_waited_on_by(waiter));
    if (permits == &kinds.sysv) another_key_is_another_set(kinds.sysv);
    auto drop = ask(*permits, "drop");
    CHECK(drop.exits_with(0));
    CHECK(drop.prints_only(""));
    CHECK(permits->is_gone().means("ipc/object-left"));
    if (permits == &kinds.posix) CHECK(crowd.stands_at(1));
    else CHECK(waiter.exits_with(125));
    if (permits == &kinds.sysv) CHECK(waiter.complains(permits->name()));
    auto next = limit(*permits, 1, {"gate", crowd.at(2), "true"});
    CHECK(crowd.gate(2).is_reached());
    CHECK(crowd.gate(0).is_reached());
    crowd.gate(0).open();
    CHECK(holder.exits_with(1));
    if (permits == &kinds.posix) {
      CHECK(crowd.gate(1).is_reached());
      crowd.gate(1).open();
      CHECK(waiter.exits_with(0));
    }
    crowd.gate(2).open();
    CHECK(next.exits_with(0));
    CHECK(permits->counts(1));
    CHECK(ask(*permits, "drop").exits_with(0));
    for (const char* verb : {"stat", "drop"}) {
      auto nothing = ask(*permits, verb);
      CHECK(nothing.exits_with(125));
      CHECK(nothing.complains(permits->name()));
    }
    CHECK(limit(*permits, 0, {"true"}).exits_with(2));
    CHECK(permits->is_gone());
  }
  dropped_before_it_is_found();
}

TEST_SUITE_END();
