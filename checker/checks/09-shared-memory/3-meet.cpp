// Lab 09, the third part: how the two meet, and what they do not take for a ring.
#include "check.hpp"

#include <random>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("the name goes when both have met, and nothing stays of them"
          * id("name") * points(5) * needs("carries")
          * hint("The name is only there to meet. Remove it as soon as the reader has the ring: what is mapped stays until it is unmapped, also when both are killed.")) {
  const std::string name = ring_name("/a");
  SharedMemory first(lab.testbed(), name);
  auto put = lab.start("put " + name);
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(first));
  CHECK(first.exists());
  auto get = lab.start("get " + name);
  CHECK(first.is_mapped_by(get));
  CHECK(first.loses_its_name().is_explained_by("memory/name-kept"));
  SharedMemory second(lab.testbed(), name);
  auto put2 = lab.start("put " + name);
  CHECK(put2.prints_next("ready\n"));
  auto get2 = lab.start("get " + name);
  put2.type("of the second\n");
  put.type("of the first\n");
  CHECK(get.prints_next("of the first\n"));
  CHECK(get2.prints_next("of the second\n"));
  CHECK(second.loses_its_name());
  auto copy = lab.start("copy " + ring_name("/c"));
  copy.type("copied\n");
  CHECK(copy.prints_next("copied\n"));
  copy.close_input();
  CHECK(copy.exits_with(0));
  for (const auto* one : {&put, &get, &put2, &get2}) one->send(SIGKILL);
  for (const auto* one : {&put, &get, &put2, &get2}) CHECK(one->is_gone());
  CHECK(put.leaves_nothing_behind());
}

TEST_CASE("what is not a whole ring is refused and stays as it is, and one ring has one reader"
          * id("refused") * points(5) * needs("name") * needs("byte")
          * hint("Is it big enough to be looked at? Is it finished, and of the size that it says itself? Only then is its name removed; and of two readers one can remove it.")) {
  const std::string name = ring_name("/a");
  auto missing = lab.start("get " + name);
  CHECK(missing.exits_with(1));
  auto maker = lab.start("put -n 4 " + name);
  maker.type("one\ntwo\n");
  maker.close_input();
  CHECK(maker.exits_with(0));
  const std::string ring = read_file(file_of(name));
  CHECK(is_refused_by_get(ring_name("/short"), "an object of 10 bytes", ring.substr(0, 10)));
  std::string noise(ring.size(), '\0');
  std::mt19937& random = lab.dice();
  for (char& c : noise) c = static_cast<char>(random());
  CHECK(is_refused_by_get(ring_name("/noise"), "an object of noise", noise));
  CHECK(is_refused_by_get(ring_name("/cut"), "a ring whose last page is missing", ring.substr(0, ring.size() - 4096)));
  CHECK(is_refused_by_get(ring_name("/grown"), "a ring with a page too many", ring + std::string(4096, '\0')));
  // Of two readers that have both opened it, the first is held where it removes the name.
  play::BeforeCall removing(lab.testbed(), {{SYS_unlinkat},
#ifdef SYS_unlink
                                         {SYS_unlink}
#endif
                                        });
  removing.hold([](pid_t, long) { return true; });
  auto held = lab.start({"get", name}, removing.order());
  removing.hold_until([&] { return removing.times_held() > 0 || !held.unread().empty(); });
  auto other = lab.start("get " + name);
  removing.hold_until([&] { return other.has_ended(); });
  removing.open();
  Program &winner = other.unread().empty() ? held : other, &loser = other.unread().empty() ? other : held;
  CHECK(winner.prints_next("one\ntwo\n"));
  CHECK(winner.exits_with(0));
  Verdict lost = loser.exits_with(1);
  const bool refused = says_no(lost);
  CHECK(std::move(lost).is_explained_by("memory/taken-twice", !refused));
  CHECK(loser.prints_nothing_more());
}

TEST_CASE("a ring that is not finished yet is not taken for one"
          * id("unfinished") * points(5) * needs("refused")
          * hint("Between shm_open() and the last word that is filled in, a reader may come at any moment. What does it find then, and what tells it that all is there?")) {
  CHECK(is_refused_by_get(ring_name("/empty"), "an object of 0 bytes", ""));
  CHECK(is_refused_by_get(ring_name("/zeros"), "an object of zeros", std::string(16384, '\0')));
  // Zeros say of themselves that they hold no place: of the size of a beginning alone they agree with that.
  for (size_t size = 64; size <= 512; size += 64) CHECK(is_refused_by_get(ring_name("/" + std::to_string(size)), std::to_string(size) + " zeros", std::string(size, '\0')));
  // The writer is held where it gives the object its size, then where it maps what has its size and is not filled in.
  for (const bool sized : {false, true}) {
    const std::string name = ring_name(sized ? "/sized" : "/made");
    play::BeforeCall making(lab.testbed(), {{SYS_ftruncate}, {SYS_fallocate}, {SYS_mmap}});
    making.hold([&](pid_t, long call) { return (call == SYS_mmap) == sized && size_of(name) >= (sized ? 1 : 0); });
    auto put = lab.start({"put", name}, making.order());
    put.type("one\ntwo\n");
    put.close_input();
    making.hold_until([&] { return making.times_held() > 0; });
    auto get = lab.start("get " + name);
    // Told that there is none yet, or waiting for it: both are right.
    making.hold_until([&] { return get.has_ended(); });
    making.open();
    // A ring that gets its name when it is finished was never there unfinished.
    if (making.times_held() > 0 && get.has_ended()) {
      Verdict ended = unless_by_sigbus(get.exits_with(1));
      const bool refused = says_no(ended);
      CHECK(std::move(ended).is_explained_by("memory/not-looked-at", !refused));
      CHECK(get.prints_nothing_more());
      CHECK(put.exits_with(0));
      get = lab.start("get " + name);
    }
    CHECK(get.prints_next("one\ntwo\n"));
    CHECK(get.exits_with(0));
  }
}

TEST_SUITE_END();
