// Lab 09, the second part: how the two meet, and what a reader does not take for a ring. Nothing is carried here.
#include "check.hpp"

#include <random>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("get takes the ring that is there, and removes its name at once"
          * id("name") * points(4) * todo(2) * needs("made")
          * hint("The name is only there to meet. Remove it as soon as the reader has the ring: what is mapped stays until it is unmapped.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  CHECK(ring.exists());
  auto get = lab.start("get " + ring.name());
  CHECK(takes(ring, get));
  CHECK(ring.loses_its_name().is_explained_by("memory/name-kept"));
}

TEST_CASE("what is not a whole ring is refused, and stays as it is"
          * id("refused") * points(4) * needs("name")
          * hint("Is it big enough to be looked at? Is it finished, and of the size that it says itself? Only then is its name removed.")) {
  SharedMemory good(lab.testbed(), ring_name("/a"));
  auto maker = lab.start("put -n 4 " + good.name());
  CHECK(maker.prints_next("ready\n"));
  CHECK(can_be_mapped(good));
  const std::string ring = good.bytes();
  auto get = lab.start("get " + good.name());
  CHECK(takes(good, get));
  const std::string nothing = ring_name("/nothing");
  auto missing = lab.start("get " + nothing);
  CHECK(missing.exits_with(1));
  CHECK(missing.complains("\n"));
  CHECK(SharedMemory(lab.testbed(), nothing).does_not_exist());
  CHECK(is_refused_by_get(ring_name("/short"), "an object of 10 bytes", ring.substr(0, 10)));
  std::string noise(ring.size(), '\0');
  std::mt19937& random = lab.dice();
  for (char& c : noise) c = static_cast<char>(random());
  CHECK(is_refused_by_get(ring_name("/noise"), "an object of noise", noise));
  CHECK(is_refused_by_get(ring_name("/cut"), "a ring whose last page is missing", ring.substr(0, ring.size() - 4096)));
  CHECK(is_refused_by_get(ring_name("/grown"), "a ring with a page too many", ring + std::string(4096, '\0')));
}

TEST_CASE("of two readers that come at once one gets the ring"
          * id("one-reader") * points(3) * needs("name") * needs("refused")
          * hint("Two readers can both open it and both find it good. Whose shm_unlink() removes the name? The other's returns -1.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  // Both have opened it: the first is held where it removes the name.
  play::BeforeCall removing(lab.testbed(), name_removals());
  removing.hold([](pid_t, long) { return true; });
  auto held = lab.start({"get", ring.name()}, removing.order());
  removing.hold_until([&] { return removing.times_held() > 0 || held.has_ended(); });
  auto other = lab.start("get " + ring.name());
  removing.hold_until([&] { return other.has_ended() || ring.word_waited_on(other); });
  removing.open();
  // Who comes second may be refused at once, or take it while the first is held.
  if (Verdict second = other.exits_with(1); second.passed() || says_no(second)) {
    CHECK(std::move(second));
    CHECK(other.complains("\n"));
    CHECK(takes(ring, held));
    return;
  }
  Verdict lost = held.exits_with(1);
  const bool refused = says_no(lost);
  CHECK(std::move(lost).is_explained_by("memory/taken-twice", !refused));
  CHECK(held.complains("\n"));
}

TEST_CASE("a ring that is not finished yet is not taken for one"
          * id("unfinished") * points(4) * needs("refused")
          * hint("Between shm_open() and the last word that is filled in, a reader may come at any moment. What does it find then, and what tells it that all is there?")) {
  SharedMemory whole(lab.testbed(), ring_name("/whole"));
  auto maker = lab.start("put " + whole.name());
  CHECK(maker.prints_next("ready\n"));
  auto taker = lab.start("get " + whole.name());
  CHECK(takes(whole, taker));
  CHECK(is_refused_by_get(ring_name("/empty"), "an object of 0 bytes", ""));
  CHECK(is_refused_by_get(ring_name("/zeros"), "an object of zeros", std::string(16384, '\0')));
  // Zeros say of themselves that they hold no place: of the size of a beginning alone they agree with that.
  for (size_t size = 64; size <= 512; size += 64) CHECK(is_refused_by_get(ring_name("/" + std::to_string(size)), std::to_string(size) + " zeros", std::string(size, '\0')));
  // The writer is held where it gives the object its size, then where it maps what has its size and is not filled in.
  for (const bool sized : {false, true}) {
    SharedMemory ring(lab.testbed(), ring_name(sized ? "/sized" : "/made"));
    play::BeforeCall making(lab.testbed(), {{SYS_ftruncate}, {SYS_fallocate}, {SYS_mmap}});
    making.hold([&](pid_t, long call) { return (call == SYS_mmap) == sized && size_of(ring.name()) >= (sized ? 1 : 0); });
    auto put = lab.start({"put", ring.name()}, making.order());
    making.hold_until([&] { return making.times_held() > 0; });
    if (making.times_held() == 0) continue;  // a ring that gets its name when it is finished was never there unfinished
    auto get = lab.start("get " + ring.name());
    // Told that there is none yet, or waiting for it: both are right.
    making.hold_until([&] { return get.has_ended(); });
    making.open();
    CHECK(put.prints_next("ready\n"));
    if (get.has_ended()) {
      Verdict ended = unless_by_sigbus(get.exits_with(1));
      const bool refused = says_no(ended);
      CHECK(std::move(ended).is_explained_by("memory/not-looked-at", !refused));
      CHECK(get.prints_nothing_more());
      CHECK(can_be_mapped(ring));
      get = lab.start("get " + ring.name());
      CHECK(takes(ring, get));
    }
  }
}

TEST_SUITE_END();
