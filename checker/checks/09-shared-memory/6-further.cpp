// Lab 09, the sixth part: what ThreadSanitizer sees, and the goals beyond the 100.
#include "check.hpp"

#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("ThreadSanitizer finds no race between the writer and the reader of copy"
          * id("race") * points(6) * needs("copy") * needs("end-waits") * needs("published") * sanitized()
          * hint("Whatever both sides touch is either atomic, or ordered by something that is: written before a store with release, read after a load with acquire.")) {
  for (const char* places : {"1", "16"}) {
    auto copy = lab.start_sanitized(std::string("copy -n ") + places + " " + ring_name(std::string("/of-") + places));
    const std::string text = lines(1500);
    copy.type(text);
    copy.close_input();
    CHECK(copy.exits());
    CHECK(play::has_no_race(lab.testbed(), copy));
    CHECK(copy.exits_with(0));
    CHECK(copy.prints_next(text));
    CHECK(copy.prints_nothing_more());
  }
}

TEST_CASE("when the other side has died, who waits for it ends with 3"
          * id("dead-peer") * points(5) * needs("frees") * needs("end-not-missed") * todo(6) * stretch()
          * hint("A killed process may stay for a while as a zombie, and its number may be given to another: ask for something that the kernel takes back from the dead, a lock on a file for one.")) {
  auto put = lab.start("put " + ring_name("/a"));
  CHECK(put.prints_next("ready\n"));
  auto get = lab.start("get " + ring_name("/a"));
  put.type("one\ntwo\n");
  CHECK(get.prints_next("one\ntwo\n"));
  put.send(SIGKILL);
  CHECK(get.exits_with(3));
  CHECK(get.complains("\n"));
  auto early = lab.start("put " + ring_name("/b"));
  early.type("three\nfour\n");
  CHECK(early.prints_next("ready\n"));
  CHECK(early.has_read_its_input());
  CHECK(early.waits_at(0));
  early.send(SIGKILL);
  CHECK(early.dies_of(SIGKILL));
  auto late = lab.start("get " + ring_name("/b"));
  CHECK(late.prints_next("three\nfour\n"));
  CHECK(late.exits_with(3));
  SharedMemory ring(lab.testbed(), ring_name("/c"));
  auto alone = lab.start("put -n 2 " + ring.name());
  CHECK(alone.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  alone.type(lines(3));
  CHECK(waits_on_full(ring, alone));
  CHECK(play::seldom_looks_by_itself(lab.testbed(), alone));  // nobody has come yet: it goes on waiting
  CHECK(play::waits_on(lab.testbed(), ring, alone));
  auto reader = lab.start("get " + ring.name());
  CHECK(reader.prints_next(lines(3)));
  CHECK(play::waits_on(lab.testbed(), ring, reader));
  reader.send(SIGKILL);
  alone.type(lines(3));
  CHECK(alone.exits_with(3));
  CHECK(alone.complains("\n"));
}

TEST_CASE("while nobody sleeps, nobody is woken: hardly a futex call for 4000 records"
          * id("no-call") * points(5) * needs("asleep") * needs("later") * todo(7) * stretch()
          * hint("Who is about to sleep says so in a word of the ring. Who has changed something looks at that word, and only then makes the call. In which order, on both sides?")) {
  play::BeforeCall counter(lab.testbed(), {{SYS_futex}});
  int calls = 0;
  constexpr int most = 40;
  counter.hold([&](pid_t, long) { return ++calls >= most; });
  auto put = lab.start({"put", "-n", "8192", "-m", "16", ring_name("/a")}, counter.order());
  put.type(lines(4000));
  put.close_input();
  counter.hold_until([&] { return calls >= most || put.has_ended(); });
  if (calls >= most) CHECK(no("put makes fewer than 40 futex calls for 4000 records into a ring that holds them all", "put has made " + std::to_string(calls) + ", and goes on"));
  CHECK(put.exits_with(0));
  auto get = lab.start("get " + ring_name("/a"));
  CHECK(get.prints_next(lines(4000)));
  CHECK(get.exits_with(0));
}

TEST_SUITE_END();
