// Lab 09, the first part: it is made, and carries what is put, in memory that both have.
//
// Nothing here waits for silence where an event can be waited for: a right program may look by itself, ten times a second,
// whether the other side still lives. Each ring has a name of its own, so that a name that stays is the affair of one case.
#include "check.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("put makes the object, whole before it is ready, and never takes one that is there"
          * id("made") * points(5)
          * hint("TODO 1. Which flags of shm_open() make, and refuse what is there already? A fresh object has 0 bytes until ftruncate() gives it a size.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(unless_by_sigbus(put.prints_next("ready\n")));
  CHECK(ring.exists());
  CHECK(can_be_mapped(ring));
  CHECK(ring.is_mapped_by(put));
  const std::string before = ring.bytes();
  auto second = lab.start("put " + ring.name());
  CHECK(refuses_to_make(second));
  CHECK(second.complains("\n"));
  CHECK(ring.exists());
  if (ring.bytes() != before) CHECK(no("a ring that is refused stays as it is", "its bytes have changed"));
  const std::string other = ring_name("/b");
  write_file(file_of(other), "another program's");
  auto third = lab.start("put " + other);
  CHECK(refuses_to_make(third));
  if (read_file(file_of(other)) != "another program's") CHECK(no("an object that is there stays as it is", "its bytes have changed").means("memory/taken-by-a-maker"));
  auto drop = lab.start("drop " + other);
  CHECK(drop.exits_with(0));
  CHECK(SharedMemory(lab.testbed(), other).does_not_exist());
  auto again = lab.start("drop " + other);
  CHECK(again.exits_with(1));
  int sizes = 0;
  play::BeforeCall sizing(lab.testbed(), {{SYS_ftruncate}});
  sizing.hold([&](pid_t, long) { return ++sizes < 0; });  // counts
  auto once = lab.start({"put", ring_name("/once")}, sizing.order());
  CHECK(once.prints_next("ready\n"));
  if (sizes > 1) CHECK(no("put gives its object its size once", "it did so " + std::to_string(sizes) + " times"));
  room::Order narrow;
  narrow.limits.address_space = 24 << 20;
  auto large = lab.start("put -n 8192 " + ring_name("/large"), narrow);  // 32 MiB
  CHECK(large.exits_with(1));
  CHECK(SharedMemory(lab.testbed(), ring_name("/large")).does_not_exist());
  for (const char* words : {"", "put", "put -n 3 /c", "put -n 0 /c", "put -n many /c", "put -m /c", "get /c /d", "sing /c"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.complains("usage"));
  }
}

TEST_CASE("what is put is got, at once, and both end"
          * id("carries") * points(10) * needs("made")
          * hint("TODO 2 to 6, and all of them are needed: attach, place, put_one, get_one, the end. Who sleeps, on which word, and who has to wake it?")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  for (const char* line : {"hello\n", "two  words\n", "\n", "a fourth\n"}) {
    get.settle();
    put.type(line);
    CHECK(unless_by_address(play::unless_woken(get.prints_next(line), ring, get), ring, put));
  }
  get.settle();
  put.close_input();
  CHECK(put.exits_with(0));
  CHECK(unless_no_end(play::unless_woken(get.exits_with(0), ring, get), ring, get));
  CHECK(get.prints_nothing_more());
  CHECK(put.prints_nothing_more());
}

TEST_CASE("both have the same memory, at two addresses, and no other way between them"
          * id("one-page") * points(10) * needs("carries")
          * hint("MAP_SHARED in both, of one object. grep shm /proc/PID/maps shows both; ls -l /proc/PID/fd shows what else is open.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name(), with_more_stack());
  CHECK(ring.is_one_page_of(put, get));
  put.type(lines(10));
  CHECK(unless_by_address(get.prints_next(lines(10)), ring, put));
  CHECK(ring.is_one_page_of(put, get));
  CHECK(ring.is_the_only_way_of(put));
  CHECK(ring.is_the_only_way_of(get));
}

TEST_CASE("a byte that is changed in the object is the byte that is got"
          * id("byte") * points(10) * needs("carries")
          * hint("A record's bytes lie in the object as they are, and nowhere else. put does not wait for a reader: it ends when all is in the ring.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  put.type("in memory: A\nand a second line\n");
  put.close_input();
  CHECK(put.prints_next("ready\n"));
  CHECK(put.exits_with(0));
  CHECK(can_be_mapped(ring));
  const std::string bytes = ring.bytes();
  size_t found = 0;
  for (size_t at = bytes.find("in memory: A"); at != std::string::npos; at = bytes.find("in memory: A", at + 1), ++found) ring.change(at + 11, 'B');
  if (found == 0) CHECK(no("the bytes of the record \"in memory: A\" lie in " + ring.name(), "they lie nowhere in it").means("memory/another-way"));
  auto get = lab.start("get " + ring.name());
  CHECK(get.prints_next("in memory: B\nand a second line\n").is_explained_by("memory/another-way", get.has_printed("in memory: A")));
  CHECK(get.exits_with(0));
}

TEST_CASE("a ring of N holds exactly N records, then its writer waits, asleep"
          * id("capacity") * points(10) * needs("carries")
          * hint("Two counters that only grow tell full from empty: their difference is what lies in the ring. And who frees a place wakes the writer.")) {
  for (const int n : {1, 2, 64}) {
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(n)));
    auto put = lab.start("put -n " + std::to_string(n) + " " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    put.type(lines(n));
    CHECK(put.has_read_its_input());
    CHECK(unless_it_waits(put.blocks_in("read", 0), ring, put));
    put.type("one more\n");
    CHECK(unless_it_reads_on(waits_on_full(ring, put)));
    put.close_input();
    const std::string before = ring.bytes();
    auto get = lab.start("get " + ring.name());
    CHECK(unless_overwritten(unless_both_wait(play::unless_woken(get.prints_next(lines(n) + "one more\n"), ring, put), ring, put, get), get, before, "one more"));
    CHECK(play::unless_woken(put.exits_with(0), ring, put));
    CHECK(get.exits_with(0));
  }
}

TEST_SUITE_END();
