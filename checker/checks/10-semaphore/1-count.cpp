// Lab 10: how many may enter. The words are explained in check.hpp, those on permits in play/object/semaphores.hpp. Whoever is inside
// stands at a gate, so it is exact who is inside and who is not.
#include <algorithm>
#include <deque>
#include <fmt/format.h>

#include "answers.hpp"
#include "check.hpp"

using namespace permits;

namespace {


void comes_back_however_it_ends(const Semaphore& permits) {
  auto gate = lab.gate("g");
  auto first = limit(permits, 3, {"gate", "g", "true"});
  CHECK(gate.is_reached());
  CHECK(gate.starts_clean().means("signal/passed-on-to-the-command"));
  CHECK(permits.counts(2));
  const bool said_so = flag(permits) > 0;
  gate.open();
  CHECK(ends_as(first, 0));
  CHECK(has_all(permits, 3));
  const bool says_so_no_more = said_so && flag(permits) == 0;
  lab.file("plain").put("not a program", 0644);
  const std::pair<Words, int> endings[] = {{{"sh", "-c", "kill -KILL $$"}, 137}, {{"sh", "-c", "exit 7"}, 7},
                                           {{"sh", "-c", "kill -TERM $$"}, 143}, {{"no-such-command"}, 127},
                                           {{"sh", "-c", "kill -HUP $$"}, 129},  {{"sh", "-c", "kill -INT $$"}, 130},
                                           {{"sh", "-c", "exit 124"}, 124},      {{"sh", "-c", "exit 125"}, 125},
                                           {{"./plain"}, 126},                   {{"true"}, 0}};
  for (const auto& [command, status] : endings) {
    auto next = limit(permits, 3, command);
    Verdict ends = ends_as(next, status);
    if (says_so_no_more) ends = std::move(ends).is_explained_by("semaphore/gone-with-its-maker");
    CHECK(ends);
    CHECK(has_all(permits, 3));
    CHECK(next.prints_only(""));
    if (status != 126 && status != 127) CHECK(next.complains_of_nothing());
  }
}

void never_more_always_all(Semaphore& permits) {
  constexpr int all = 8, n = 3;
  play::Crowd crowd(lab.testbed(), "g", all);
  std::deque<Program> programs;
  const auto start_one = [&] { programs.push_back(limit(permits, n, {"gate", crowd.at(static_cast<int>(programs.size())), "true"})); };
  auto* const named = dynamic_cast<play::NamedSemaphore*>(&permits);
  const auto* const set = dynamic_cast<play::SemaphoreSet*>(&permits);
  start_one();
  CHECK(crowd.stands_at(1));
  CHECK(permits.counts(n - 1));
  if (named) named->keep_open();
  start_one();
  CHECK(crowd.stands_at(2));
  if (named) CHECK(named->has_its_name().means("semaphore/made-anew"));
  CHECK(set_again(permits.counts(n - 2), permits));
  start_one();
  CHECK(crowd.stands_at(n));
  start_one();  // this one must wait
  CHECK(programs.back().sleeps());
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

// As many as there can be, and one of them is taken.
void the_most(const Semaphore& permits) {
  auto gate = lab.gate("one-of-all");
  auto one = limit(permits, 32767, {"gate", "one-of-all", "true"});
  CHECK(gate.is_reached());
  CHECK(permits.counts(32766));
  gate.open();
  CHECK(one.exits_with(0));
  CHECK(permits.counts(32767));
}

}  // namespace

TEST_SUITE_BEGIN("10-semaphore");

TEST_CASE("--posix: it ends as its command did, and the permit is back however that was"
          * id("posix") * points(5)
          * hint("Nothing passes before TODO 1 to 4 in labs/10-semaphore/limit.cpp are all there. What the kernel counts is the first word of a file: od -An -tu4 -N4 /dev/shm/sem.NAME")) {
  comes_back_however_it_ends(play::NamedSemaphore(lab.testbed()));
}

TEST_CASE("--posix: never more than N run at one time, and always N when enough wait"
          * id("posix-n") * points(10) * needs("posix")
          * hint("sem_wait(3) takes a permit, and sleeps by itself until there is one; sem_post(3) gives one: each once for each command. Who else changes the count?")) {
  play::NamedSemaphore permits(lab.testbed());
  never_more_always_all(permits);
  the_most(play::NamedSemaphore(lab.testbed()));
}

TEST_CASE("--sysv: it ends as its command did, and the permit is back however that was"
          * id("sysv") * points(5)
          * hint("TODO 5 and 6: a set is born with 0, and its semaphore 0 holds the free permits. By hand: ipcs -s, and ipcs -s -i ID for the values.")) {
  comes_back_however_it_ends(play::SemaphoreSet(lab.testbed()));
}

TEST_CASE("--sysv: never more than N run at one time, and always N when enough wait"
          * id("sysv-n") * points(10) * needs("sysv")
          * hint("semop(2) adds -1 and +1 to semaphore 0, and the kernel counts who waits for it: GETVAL and GETNCNT of semctl(2).")) {
  play::SemaphoreSet permits(lab.testbed());
  never_more_always_all(permits);
  the_most(play::SemaphoreSet(lab.testbed()));
}

TEST_CASE("who waits sleeps in the kernel, on this very semaphore"
          * id("sleeps") * points(10) * needs("posix-n") * needs("sysv-n")
          * hint("One call takes the permit and sleeps until there is one. Nothing else is needed in front of it. By hand: cat /proc/PID/syscall")) {
  Kinds kinds;
  for (auto& [permits, letter] : kinds.all) {
    play::Crowd crowd(lab.testbed(), letter, 3);
    std::vector<Program> programs;
    for (int i = 0; i < 3; ++i) {
      programs.push_back(limit(*permits, 1, {"gate", crowd.at(i), "true"}));
      CHECK(crowd.stands_at(1));
    }
    for (int i = 1; i < 3; ++i) CHECK(elsewhere(permits->is_waited_on_by(programs[static_cast<size_t>(i)]), programs[static_cast<size_t>(i)]));
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
    play::Crowd crowd(lab.testbed(), letter, 3);
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
  Kinds larger;
  for (auto& [permits, letter] : larger.all)
    for (const int n : {5, 2}) {
      CHECK(limit(*permits, n, {"true"}).exits_with(0));
      CHECK(permits->counts(5).means("semaphore/later-n-counts"));
    }
}

TEST_SUITE_END();
