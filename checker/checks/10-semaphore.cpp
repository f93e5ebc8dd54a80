// Lab 10: what a limit on running commands must hold. The words are explained in check.hpp, those on permits in
// play/semaphores.hpp. Whoever is inside stands at a gate, so it is exact who is inside and who is not. A race is decided by a
// turnstile that holds one of the two at a system call.
#include <fmt/format.h>
#include <sys/syscall.h>
#include <algorithm>
#include <deque>

#include "10-semaphore-answers.hpp"
#include "check.hpp"
#include "base/text.hpp"
#include "play/turnstile.hpp"
#include "see/calls.hpp"

using namespace permits;
using namespace std::string_literals;
using play::Turnstile;

namespace {

void comes_back_however_it_ends(const Semaphore& permits) {
  auto gate = lab.gate("g");
  auto first = limit(permits, 3, {"gate", "g", "true"});
  CHECK(gate.is_reached());
  CHECK(gate.starts_clean().means("signal/passed-on-to-the-command"));
  CHECK(permits.counts(2));
  gate.open();
  CHECK(ends_as(first, 0));
  CHECK(has_all(permits, 3));
  base::write_file("plain", "not a program", 0644);
  const std::pair<Words, int> endings[] = {{{"sh", "-c", "kill -KILL $$"}, 137}, {{"sh", "-c", "exit 7"}, 7},
                                           {{"sh", "-c", "kill -TERM $$"}, 143}, {{"no-such-command"}, 127},
                                           {{"./plain"}, 126},                   {{"true"}, 0}};
  for (const auto& [command, status] : endings) {
    auto next = limit(permits, 3, command);
    CHECK(ends_as(next, status));
    CHECK(has_all(permits, 3));
    CHECK(next.prints_only(""));
  }
}

void never_more_always_all(Semaphore& permits) {
  constexpr int all = 8, n = 3;
  play::Crowd crowd(lab.stage(), "g", all);
  std::deque<Program> programs;
  const auto start_one = [&] { programs.push_back(limit(permits, n, {"gate", crowd.at(static_cast<int>(programs.size())), "true"})); };
  auto* const named = dynamic_cast<play::NamedSemaphore*>(&permits);
  const auto* const set = dynamic_cast<play::SemaphoreSet*>(&permits);
  start_one();
  CHECK(crowd.stands_at(1));
  CHECK(permits.counts(n - 1));
  if (named) named->hold_on();
  start_one();
  CHECK(crowd.stands_at(2));
  if (named) CHECK(named->has_its_name().means("semaphore/made-anew"));
  CHECK(set_again(permits.counts(n - 2), permits));
  start_one();
  CHECK(crowd.stands_at(n));
  start_one();  // this one must wait
  CHECK(programs.back().sleeps().means("process/woken-by-a-clock"));
  CHECK(set_again(permits.counts(0), permits));
  while (programs.size() < all) start_one();
  for (int left = all; left > 0; --left) {
    const int inside = std::min(n, left);
    CHECK(crowd.stands_at(inside));
    CHECK(permits.counts(n - inside));
    if (set) CHECK(set->has_waiting(left - inside));
    if (left == all || left == 2) {
      const std::string waiting = set ? fmt::format(" waiting {}", left - inside) : "";
      CHECK(ask(permits, "stat").prints_only(fmt::format("free {}{}\n", n - inside, waiting)));
    }
    CHECK(programs[static_cast<size_t>(crowd.let_one_go())].exits_with(0));
  }
  CHECK(permits.counts(n));
}

// Both kinds, each with gates of its own: the letter begins their names.
struct Kinds {
  play::NamedSemaphore posix{lab.stage()};
  play::SemaphoreSet sysv{lab.stage()};
  std::vector<std::pair<Semaphore*, std::string>> all{{&posix, "p"}, {&sysv, "s"}};
};

// Where one is held at its `number`th call of these, while another one comes and is as far as it gets.
struct Race {
  play::Crowd crowd;
  Turnstile turnstile;
  std::vector<Program> both;
  int calls = 0;
  long held_at = -1;

  Race(const Semaphore& permits, const std::string& name, const std::vector<play::Watch>& watched, int number, int n, const std::string& option = {})
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
  ~Race() { turnstile.open(); }  // what asks from now on asks nobody
  bool holds_it() const { return turnstile.held() > 0; }
  void another_comes(const Semaphore& permits, int n, const Words& more = {}) {
    both.push_back(limit(permits, n, {"gate", crowd.at(1), "true"}, more));
    let_it_get_on(both.back(), crowd.gate(1));
    if (holds_it()) lab.stage().note("let the first one go on");
    turnstile.open();
  }
};

const std::vector<play::Watch> set_calls{{SYS_semget}, {SYS_semctl}, {SYS_semop}, {SYS_semtimedop}};
const std::vector<play::Watch> set_operations{{SYS_semop}, {SYS_semtimedop}};
// glibc makes a named semaphore under another name, and then links it to its own.
const std::vector<play::Watch> link_calls{
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

room::Order with_usr1_blocked() {
  room::Order order;
  order.prepare = [] {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigprocmask(SIG_BLOCK, &one, nullptr);
  };
  return order;
}

}  // namespace

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("--posix: it ends as its command did, and the permit is back however that was"
          * id("posix") * points(5)
          * hint("Begin with TODO 1 to 4 in labs/10-semaphore/limit.cpp. What the kernel counts is the first word of a file: od -An -tu4 -N4 /dev/shm/sem.NAME")) {
  comes_back_however_it_ends(play::NamedSemaphore(lab.stage()));
}

TEST_CASE("--posix: never more than N run at one time, and always N when enough wait"
          * id("posix-n") * points(10) * needs("posix")
          * hint("sem_wait(3) takes a permit and sem_post(3) gives one, each once for each command. Who else changes the count?")) {
  play::NamedSemaphore permits(lab.stage());
  never_more_always_all(permits);
}

TEST_CASE("--sysv: it ends as its command did, and the permit is back however that was"
          * id("sysv") * points(5)
          * hint("TODO 5 and 6: a set is born with 0, and its semaphore 0 holds the free permits. By hand: ipcs -s, and ipcs -s -i ID for the values.")) {
  comes_back_however_it_ends(play::SemaphoreSet(lab.stage()));
}

TEST_CASE("--sysv: never more than N run at one time, and always N when enough wait"
          * id("sysv-n") * points(10) * needs("sysv")
          * hint("semop(2) adds -1 and +1 to semaphore 0, and the kernel counts who waits for it: GETVAL and GETNCNT of semctl(2).")) {
  play::SemaphoreSet permits(lab.stage());
  never_more_always_all(permits);
}

TEST_CASE("who waits sleeps in the kernel, on this very semaphore"
          * id("sleeps") * points(10) * needs("posix-n") * needs("sysv-n")
          * hint("One call takes the permit and sleeps until there is one. Nothing else is needed in front of it. By hand: cat /proc/PID/syscall")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), letter, 3);
    std::vector<Program> programs;
    for (int i = 0; i < 3; ++i) {
      programs.push_back(limit(*permits, 1, {"gate", crowd.at(i), "true"}));
      CHECK(crowd.stands_at(1));
    }
    for (int i = 1; i < 3; ++i) CHECK(elsewhere(permits->is_slept_on_by(programs[static_cast<size_t>(i)]), programs[static_cast<size_t>(i)]));
    for (int i = 0; i < 3; ++i) {
      CHECK(crowd.stands_at(1));
      crowd.let_one_go();
    }
    CHECK(permits->counts(1));
  }
}

TEST_CASE("the first limit makes the permits: a later -n is ignored"
          * id("first-n") * points(10) * needs("posix-n") * needs("sysv-n")
          * hint("Whoever finds the permits neither sets nor adds to them: sem_open(3) ignores its last argument then. Who may give a set its value?")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), letter, 3);
    const int n[] = {1, 5, 3};
    for (int i = 0; i < 3; ++i) {
      limit(*permits, n[i], {"gate", crowd.at(i), "true"});
      CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/later-n-counts"));
      CHECK(higher(permits->counts(0), *permits, 0, "semaphore/later-n-counts"));
    }
    for (int i = 0; i < 3; ++i) {
      CHECK(crowd.stands_at(1));
      crowd.let_one_go();
    }
    CHECK(higher(permits->counts(1), *permits, 1, "semaphore/later-n-counts"));
  }
}

TEST_CASE("two first ones at one time make the permits once"
          * id("made-once") * points(10) * needs("first-n") * needs("sleeps")
          * hint("Between your look and your next call another one may have done the same. Which one call both looks and makes? And what does the other see before the set has its value?")) {
  for (int number = 1; number <= 4; ++number) {
    const play::SemaphoreSet permits(lab.stage());
    Race race(permits, fmt::format("s{}-", number), set_calls, number, 1);
    race.another_comes(permits, 1);
    one_then_the_other(permits, race);
  }
  const play::NamedSemaphore permits(lab.stage());
  Race race(permits, "p", link_calls, 1, 1);
  race.another_comes(permits, 1);
  one_then_the_other(permits, race);
  Kinds kinds;
  for (auto& [shared, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), "many-" + letter, 8);
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
    play::Crowd crowd(lab.stage(), letter, 5);
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
    for (const int s : {SIGKILL, SIGTERM}) {
      play::Crowd crowd(lab.stage(), letter + std::to_string(s) + "-", 2);
      auto holder = limit(*permits, 1, {"gate", crowd.at(0), "true"});
      CHECK(crowd.stands_at(1));
      auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
      CHECK(permits->is_slept_on_by(waiter));
      waiter.send(s);
      CHECK(waiter.is_gone());
      if (permits == &kinds.sysv) CHECK(kinds.sysv.has_waiting(0));
      crowd.let_one_go();
      CHECK(holder.exits_with(0));
      CHECK(permits->counts(1));
    }
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) {
      const std::string name = letter + see::signal_name(s);
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
  }
}

TEST_CASE("an interrupted wait is neither a permit nor an error: it waits on"
          * id("interruption") * points(10) * needs("sleeps")
          * hint("sem_wait(3) and semop(2) return -1 with EINTR when they were interrupted. What has happened to the count then? And Ctrl-Z is an interruption for semop(2).")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), letter, 2);
    limit(*permits, 1, {"gate", crowd.at(0), "true"});
    CHECK(crowd.stands_at(1));
    auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
    CHECK(permits->is_slept_on_by(waiter));
    for (int i = 0; i < 3; ++i) {
      waiter.freeze();
      waiter.thaw();
      CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/interrupted"));
      CHECK(ended_with_125(permits->is_slept_on_by(waiter), waiter));
    }
    play::attach_strace(lab.stage(), waiter, {"-e", "inject=futex,semop,semtimedop,restart_syscall:error=EINTR:when=1..2"}, "report-" + letter);
    CHECK(more(crowd.stands_at(1), crowd, 1, "semaphore/interrupted"));
    CHECK(ended_with_125(waiter.stays_alive(), waiter));
    was_interrupted("report-" + letter, 2);
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
    auto refused = limit(*permits, 1, {"echo", "it runs"}, {"--try"});
    CHECK(refused.exits_with(124));
    CHECK(refused.prints_only(""));
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
    Verdict refused = race.both[0].exits_with(124);
    if (kinds.sysv.has_sleeper(race.both[0].pid())) refused = std::move(refused).is_explained_by("semaphore/look-then-wait");
    CHECK(refused);
    race.crowd.let_one_go();
    CHECK(race.both[1].exits_with(0));
    CHECK(kinds.sysv.counts(1));
  }
}

TEST_CASE("drop while in use: who runs comes to its end; and a command inherits nothing of limit's"
          * id("drop") * points(5) * needs("sleeps")
          * hint("sem_unlink(3) takes away the name; the semaphore lives on while somebody has it. IPC_RMID takes away the set, and who waits is told so: EIDRM.")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), letter, 3);
    auto holder = lab.start(base::join(words_for(*permits, {"-n", "1"}, {"gate", crowd.at(0), "false"}), " "), with_usr1_blocked());
    CHECK(crowd.stands_at(1));
    CHECK(is_private(*permits));
    const play::Gate& command = crowd.gate(0);
    CHECK(command.keeps_open({0, 1, 2}, "descriptor/leaked-to-the-command"));
    CHECK(command.blocks_only({SIGUSR1}));  // what limit was given
    CHECK(is_itself_or_its_child(command, holder));
    auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "true"});
    CHECK(permits->is_slept_on_by(waiter));
    auto drop = ask(*permits, "drop");
    CHECK(drop.exits_with(0));
    CHECK(drop.prints_only(""));
    CHECK(permits->is_gone().means("ipc/object-left"));
    if (permits == &kinds.posix) CHECK(crowd.stands_at(1));
    else CHECK(waiter.exits_with(125));
    if (permits == &kinds.sysv) CHECK(waiter.complains("\n"));
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
}

TEST_CASE("--timeout SECONDS: 124 when no permit came free in time, and not before; one that comes in time is used"
          * id("timeout") * stretch() * needs("try") * needs("interruption")
          * hint("Reckon with the moment when it is over, not with how long it takes: after an interruption less is left. sem_clockwait(3), semtimedop(2)")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.stage(), letter, 2);
    auto holder = limit(*permits, 1, {"gate", crowd.at(0), "true"});
    CHECK(crowd.stands_at(1));
    for (const auto& [text, seconds] : {std::pair{"0.05", 0.05}, {"0", 0.0}}) {
      const double begin = now();
      auto late = limit(*permits, 1, {"echo", "it runs"}, {"--timeout", text});
      CHECK(late.exits_with(124));
      CHECK(at_least(seconds, now() - begin));
      CHECK(late.prints_only(""));
      CHECK(permits->counts(0));
    }
    auto waiter = limit(*permits, 1, {"gate", crowd.at(1), "sh", "-c", "exit 7"}, {"--timeout", "3600"});
    CHECK(permits->is_slept_on_by(waiter));
    const auto before = permits == &kinds.sysv ? time_left(waiter) : std::nullopt;
    waiter.freeze();
    const double frozen = now();
    while (now() - frozen < 0.02) CHECK(holder.stays_alive());
    waiter.thaw();
    if (permits == &kinds.sysv) CHECK(permits->is_slept_on_by(waiter));
    if (before) CHECK(at_most(*before - 0.02, time_left(waiter).value_or(0)));
    crowd.let_one_go();
    CHECK(crowd.gate(1).is_reached());
    crowd.let_one_go();
    CHECK(waiter.exits_with(7));
    CHECK(permits->counts(1));
  }
}

TEST_CASE("--sysv --try while the set has no value yet: it waits for the value, and then decides"
          * id("early-try") * stretch() * needs("try") * needs("made-once")
          * hint("0 may mean that all are taken, or that nobody has put any in. Which second thing could the maker change in the same semop(2)? Or what does the kernel note of the last one: sem_otime, semctl(2)")) {
  const play::SemaphoreSet permits(lab.stage());
  const std::vector<play::Watch> giving{{SYS_semctl}, {SYS_semop}, {SYS_semtimedop}};
  Race race(permits, "g", giving, 1, 2);
  race.another_comes(permits, 2, {"--try"});
  Verdict both = race.crowd.stands_at(2);
  if (!both.holds() && race.both[1].exits_with(124).holds()) both = std::move(both).means("semaphore/not-made-yet");
  CHECK(both);
  for (int i = 0; i < 2; ++i) CHECK(race.both[static_cast<size_t>(race.crowd.let_one_go())].exits_with(0));
  CHECK(permits.counts(2));
}

TEST_SUITE_END();
