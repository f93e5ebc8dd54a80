// Lab 09, the third part: records lie in the memory that both have, and come out of it on the other side.
#include "check.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("what is put lies in the object, each record in one piece"
          * id("puts") * points(5) * todo(3) * needs("made")
          * hint("The bytes of a line are copied to a place in the object, as they are; the next record has a place of its own.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  const std::vector<std::string> records{lab.word(40), lab.word(40), lab.word(40)};
  auto put = lab.start("put -n 4 -m 40 " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  for (const std::string& record : records) put.type(record + "\n");
  rest(put);
  Verdict lives = unless_by_sigbus(is_there(put));
  const bool outside = lives.ended_by(SIGSEGV);
  CHECK(std::move(lives).hints("It has touched memory that it has not mapped: what it did last says which byte. A pointer to Ring grows by whole Rings when a number is added to it.", outside));
  CHECK(lie_in(ring, records, put));
}

TEST_CASE("a ring of N holds exactly N records, then its writer waits, asleep"
          * id("capacity") * points(5) * needs("puts")
          * hint("Two counters that only grow tell full from empty: their difference is what lies in the ring.")) {
  lab.testbed().not_by_hand();  // who waits at a shell looks like one who reads
  for (const int n : {1, 2, 64}) {
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(n)));
    auto put = lab.start("put -n " + std::to_string(n) + " " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    put.type(lines(n));
    CHECK(put.has_read_its_input());
    CHECK(unless_it_waits(put.waits_at(0), ring, put));
    put.type("one more\n");
    CHECK(unless_it_reads_on(waits_on_full(ring, put)));
  }
}

TEST_CASE("a record is told of when it is whole"
          * id("published") * points(2) * todo(4) * needs("puts") * needs("name")
          * hint("Copy first, then change the counter, then wake. In between, the other side may look at any moment.")) {
  // The writer is held where it wakes the reader, who is woken by the check and looks: the record must be there by now.
  const std::string first = lab.word(60);
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  play::BeforeCall waking(lab.testbed(), {{SYS_futex, FUTEX_WAKE}});
  auto put = lab.start({"put", ring.name()}, waking.order());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(takes(ring, get));
  await_sleep(ring, get);
  waking.hold([](pid_t, long) { return true; });
  put.type(first + "\n");
  const bool looked = wake_at(waking, ring, get, get, 1);
  if (!looked) {  // it wakes nobody there: what it has told of by the time that it rests must be whole
    rest(put);
    if (ring.word_waited_on(get) && ring.has_waiter(get).passed()) play::wake_and_settle(lab.testbed(), ring, get);
  }
  CHECK(unless_by_address(is_there(get), ring, put));
  const bool printed = !get.unread().empty();
  Verdict got = play::unless_woken(get.prints_next(first + "\n"), ring, get);
  const bool lost = !got.evidence().diagnoses.empty() && got.evidence().diagnoses[0] == "memory/not-woken";
  // Where it prints nothing, that is another case's affair; not where it looked too early, and nobody wakes it again.
  if (printed) CHECK(std::move(got).is_explained_by("memory/told-too-early"));
  else if (looked && lost) CHECK(std::move(got).is_explained_by("memory/told-too-early"));
}

TEST_CASE("what is put is got, at once"
          * id("carries") * points(7) * todo(4) * needs("name") * needs("published")
          * hint("get sleeps while the ring is empty. On which word, and does put wake it there when it has changed that?")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  get.settle();
  const std::uint64_t mapped = ring.mapped_up_to_by(get);
  for (const std::string& line : {lab.word(5) + "\n", "two  " + lab.word(20) + "\n", std::string("\n"), std::string("a fourth\n")}) {
    get.settle();
    put.type(line);
    Verdict next = get.prints_next(line);
    const bool content = next.ended_with(0), empty = line == "\n";
    CHECK(unless_in_part(unless_by_address(play::unless_woken(std::move(next), ring, get), ring, put), ring, mapped)
              .hints("get has come to its end at an empty line. An empty record is a record: what says that no more come must be something that no record is.", content && empty));
  }
}

TEST_CASE("both have the same memory, at two addresses, and no other way between them"
          * id("one-page") * points(4) * needs("carries")
          * hint("MAP_SHARED in both, of one object. grep shm /proc/PID/maps shows both; ls -l /proc/PID/fd shows what else is open.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name(), with_more_stack());
  CHECK(ring.is_one_page_of(put, get));
  get.settle();
  put.type(lines(10));
  CHECK(unless_by_address(get.prints_next(lines(10)), ring, put));
  CHECK(ring.is_one_page_of(put, get));
  CHECK(ring.is_the_only_way_of(put, get));
}

TEST_CASE("a byte that is changed in the object is the byte that is got"
          * id("byte") * points(5) * needs("carries") * needs("puts")
          * hint("A record's bytes lie in the object as they are, and are read from there when it is taken out.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  const std::string record = lab.word(20), other = lab.word(20);
  put.type(record + "A\n" + other + "\n");
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  rest(put);
  CHECK(changes(ring, record + "A", 'B'));
  auto get = lab.start("get " + ring.name());
  CHECK(get.prints_next(record + "B\n" + other + "\n").is_explained_by("memory/another-way", get.has_printed(record + "A")));
}

TEST_CASE("when the input of put ends, both end"
          * id("ends") * points(3) * todo(5) * needs("carries")
          * hint("The reader sleeps on a word of the ring. What does put_end change, and whom does it wake?")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  get.settle();
  put.type("the last\n");
  CHECK(get.prints_next("the last\n"));
  await_sleep(ring, get);
  put.close_input();
  CHECK(put.exits_with(0));
  CHECK(unless_no_end(play::unless_woken(get.exits_with(0), ring, get), ring, get));
  CHECK(get.prints_nothing_more());
  CHECK(put.prints_nothing_more());
}

TEST_CASE("put does not wait for a reader, who may come when it has ended"
          * id("later") * points(3) * needs("ends")
          * hint("put ends when its records and the end are in the ring; the object and its name stay for the reader.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  put.type("first\nsecond\n");
  put.close_input();
  CHECK(put.prints_next("ready\n"));
  CHECK(put.exits_with(0));
  CHECK(ring.exists().is_explained_by("memory/removed-too-early"));
  auto get = lab.start("get " + ring.name());
  CHECK(get.prints_next("first\nsecond\n"));
  CHECK(get.exits_with(0));
}

TEST_SUITE_END();
