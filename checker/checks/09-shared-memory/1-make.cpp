// Lab 09, the first part: the object is made, or nothing is.
//
// Nothing in these checks waits for silence where an event can be waited for: a right program may look by itself, ten times
// a second, whether the other side still lives. Each ring has a name of its own, so that a name that stays is the affair of
// one case.
#include "check.hpp"

#include <cerrno>
#include <cstring>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("put makes the object, whole before it is ready"
          * id("made") * points(5) * todo(1)
          * hint("shm_open() makes an object of 0 bytes, ftruncate() gives it its size, and mmap() with MAP_SHARED an address.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  Verdict ready = unless_by_sigbus(put.prints_next("ready\n"));
  const bool invalid = ready.ended_with(1) && put.has_complained_of(EINVAL);
  CHECK(std::move(ready).hints("ftruncate(2) says so of a descriptor that was not opened for writing, and mmap(2) of 0 bytes. What it did last shows which.", invalid));
  CHECK(ring.exists_for(put));
  CHECK(can_be_mapped(ring));
  CHECK(ring.is_mapped_by(put));
  CHECK(holds(ring, 64, 4096));
  int sizes = 0;
  play::BeforeCall sizing(lab.testbed(), {{SYS_ftruncate}});
  sizing.hold([&](pid_t, long) { return ++sizes < 0; });  // counts
  SharedMemory other(lab.testbed(), ring_name("/once"));
  auto once = lab.start({"put", "-n", "8", "-m", "1000", other.name()}, sizing.order());
  CHECK(once.prints_next("ready\n"));
  CHECK(can_be_mapped(other));
  CHECK(holds(other, 8, 1000));
  if (sizes > 1) CHECK(no("put gives its object its size once", "it did so " + std::to_string(sizes) + " times"));
}

TEST_CASE("put never takes an object that is there, which stays as it was"
          * id("existing") * points(3) * needs("made")
          * hint("Which flags of shm_open() make an object, and refuse what is there already? Look at what it returns.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  const std::string before = ring.bytes();
  const ino_t first = inode_of(ring.name());
  auto second = lab.start("put " + ring.name());
  CHECK(refuses_to_make(second, ring.name(), first));
  CHECK(second.complains("\n"));
  CHECK(ring.exists());
  if (ring.bytes() != before) CHECK(no("a ring that is there stays as it was", "its bytes have changed").means("memory/taken-by-a-maker"));
  const std::string other = ring_name("/b"), content = "another program's " + lab.word(12);
  write_file(file_of(other), content);
  const ino_t theirs = inode_of(other);
  auto third = lab.start("put " + other);
  CHECK(refuses_to_make(third, other, theirs));
  CHECK(SharedMemory(lab.testbed(), other).exists());
  if (read_file(file_of(other)) != content) CHECK(no("an object that is there stays as it was", "its bytes have changed").means("memory/taken-by-a-maker"));
}

TEST_CASE("a put that is refused memory says so, and leaves no name"
          * id("undone") * points(2) * needs("made")
          * hint("mmap() was refused here. It returns MAP_FAILED then; and the name is there since shm_open(), so who fails later has to remove it.")) {
  room::Order narrow;
  narrow.limits.address_space = 24 << 20;
  lab.note("allow each put 24 MiB of addresses, as by ulimit -v");
  auto small = lab.start("put " + ring_name("/small"), narrow);
  CHECK(small.prints_next("ready\n"));
  const std::string name = ring_name("/large");
  auto large = lab.start("put -n 8192 " + name, narrow);  // 32 MiB
  CHECK(large.exits_with(1));
  CHECK(large.complains("\n"));
  CHECK(SharedMemory(lab.testbed(), name).does_not_exist());
}

TEST_CASE("drop removes the name; a wrong command line ends with 2 and makes nothing"
          * id("command-line") * points(2) * needs("made")
          * hint("Whoever turns text into a number has to look where the number ends, and how large it is; and all of the line is looked at before anything is made.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  auto drop = lab.start("drop " + ring.name());
  CHECK(drop.exits_with(0));
  CHECK(ring.does_not_exist());
  auto again = lab.start("drop " + ring.name());
  CHECK(again.exits_with(1));
  CHECK(again.complains("\n"));
  const std::string name = ring_name("/c");
  for (const char* before : {"put -n 3", "put -n 0", "put -n many", "put -n 4x", "put -n 131072", "put -n 4294967300", "put -m 0",
                             "put -m 10x", "put -m 1048577", "put -m", "put -x 4", "copy -n 12", "get /b", "sing"}) {
    auto wrong = lab.start(before + (" " + name));
    CHECK(wrong.exits_with(2));
    CHECK(wrong.complains("usage"));
    CHECK(SharedMemory(lab.testbed(), name).does_not_exist());
  }
  for (const char* words : {"", "put", "get no-slash"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.complains("usage"));
  }
}

TEST_SUITE_END();
