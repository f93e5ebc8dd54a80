// Lab 09, the second part: who waits sleeps and looks again, and what is handed over is whole.
#include "check.hpp"

#include <csignal>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("a reader of an empty ring sleeps, and is woken by the writer"
          * id("asleep") * points(10) * needs("carries")
          * hint("A loop that looks again and again, with or without a pause, is no waiting: futex(2), and whoever puts something in wakes who sleeps on that word.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(play::waits_on(lab.testbed(), ring, get));
  CHECK(play::seldom_looks_by_itself(lab.testbed(), get));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CHECK(put.takes_by_default(signal));
    CHECK(get.takes_by_default(signal));
  }
  // Without a time-out, that it wakes up at all is proof; with one, a wake-up that was forgotten only makes it late.
  const bool strace = play::sleeps_with_a_timeout(get);
  if (strace) play::attach_strace(lab.testbed(), put, {"-f", "-e", "trace=futex", "-e", "signal=none"}, "wakes");
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) {
    put.type(std::to_string(i) + "\n");
    CHECK(get.prints_next(std::to_string(i) + "\n"));
    CHECK(play::waits_on(lab.testbed(), ring, get));
  }
  put.close_input();
  CHECK(put.exits_with(0));
  CHECK(get.exits_with(0));
  // The end comes when the reader is about to sleep: held at its first futex call, at its second, ...
  for (int nth = 1; nth <= 3; ++nth) {
    int calls = 0;
    play::BeforeCall sleeping(lab.testbed(), {{SYS_futex}});
    sleeping.hold([&](pid_t, long) { return ++calls == nth; });
    SharedMemory last(lab.testbed(), ring_name("/end-" + std::to_string(nth)));
    auto writer = lab.start("put " + last.name());
    CHECK(writer.prints_next("ready\n"));
    CHECK(can_be_mapped(last));
    auto reader = lab.start({"get", last.name()}, sleeping.order());
    sleeping.hold_until([&] { return sleeping.times_held() > 0 || last.word_waited_on(reader); });
    writer.close_input();
    sleeping.hold_until([&] { return writer.has_ended(); });
    sleeping.open();
    CHECK(writer.exits_with(0));
    CHECK(unless_no_end(reader.exits_with(0), last, reader));
  }
  if (!strace) return;
  int woken = 0;
  for (const std::string& line : split(read_file("wakes"), '\n')) woken += line.find("FUTEX_WAKE") != std::string::npos && line.find("= 0") == std::string::npos;
  if (woken < count / 2) CHECK(no("put wakes the reader for each line that it sleeps for", "for " + std::to_string(count) + " lines it did so " + std::to_string(woken) + " times: the reader's clock did the rest").is_explained_by("memory/not-woken"));
}

TEST_CASE("woken for nothing, each looks again and goes back to sleep"
          * id("for-nothing") * points(10) * needs("capacity") * needs("asleep")
          * hint("Being woken says nothing. What is waited for is looked at again, each time: a loop around the sleep.")) {
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  auto put = lab.start("put -n 2 " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(play::waits_on(lab.testbed(), ring, get));
  for (int i = 0; i < 3; ++i) CHECK(play::looks_again(lab.testbed(), ring, get));
  put.type("first\n");
  CHECK(get.prints_next("first\n"));
  SharedMemory full(lab.testbed(), ring_name("/b"));
  auto writer = lab.start("put -n 2 " + full.name());
  CHECK(writer.prints_next("ready\n"));
  CHECK(can_be_mapped(full));
  writer.type(lines(5));
  CHECK(waits_on_full(full, writer));
  for (int i = 0; i < 3; ++i) CHECK(play::looks_again(lab.testbed(), full, writer));
}

TEST_CASE("a record is told of when it is whole, and its place given back when it has been taken out"
          * id("published") * points(5) * needs("for-nothing")
          * hint("Copy first, then change the counter, then wake. In between, the other side may look at any moment.")) {
  // Each program is held where it wakes the other, who is then woken by the check and looks: whatever was to be done
  // before must be done by now.
  const std::string one(60, '1'), two(60, '2'), three(60, '3');
  play::BeforeCall waking(lab.testbed(), {{SYS_futex, FUTEX_WAKE}});
  SharedMemory first(lab.testbed(), ring_name("/a"));
  auto writer = lab.start({"put", first.name()}, waking.order());
  CHECK(writer.prints_next("ready\n"));
  CHECK(can_be_mapped(first));
  auto reader = lab.start("get " + first.name());
  CHECK(play::waits_on(lab.testbed(), first, reader));
  waking.hold([](pid_t, long) { return true; });
  writer.type(one + "\n");
  wake_at(waking, first, reader, reader, 1);
  CHECK(reader.prints_next(one + "\n").means("memory/told-too-early"));
  play::BeforeCall freeing(lab.testbed(), {{SYS_futex, FUTEX_WAKE}});
  SharedMemory second(lab.testbed(), ring_name("/b"));
  auto put = lab.start("put -n 1 " + second.name());
  put.type(one + "\n" + two + "\n" + three + "\n");
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(second));
  CHECK(waits_on_full(second, put));
  freeing.hold([](pid_t, long) { return true; });
  auto get = lab.start({"get", second.name()}, freeing.order());
  wake_at(freeing, second, put, get, 4);
  CHECK(get.prints_next(one + "\n" + two + "\n" + three + "\n").means("memory/given-back-too-early"));
}

TEST_CASE("any bytes, any length, again and again around the ring"
          * id("any-bytes") * points(5) * needs("published") * needs("byte")
          * hint("A line may hold NUL and may be empty. Where does record n lie when n is larger than the ring? A line that is too long is said and left out, the others pass.")) {
  for (const auto& [places, limit, count] : {std::tuple{1, 4999, 40}, {4, 5000, 60}, {128, 1, 700}}) {
    const std::string text = any_lines(count, limit);
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(places)));
    auto put = lab.start("put -n " + std::to_string(places) + " -m " + std::to_string(limit) + " " + ring.name());
    put.type(text.substr(0, text.size() - 1));  // the last line needs no newline
    put.close_input();
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    CHECK(play::waits_on(lab.testbed(), ring, put));
    auto get = lab.start("get " + ring.name());
    CHECK(get.prints_next(text));
    CHECK(put.exits_with(0));
    CHECK(get.exits_with(0));
  }
  const std::string many = lines(20000, "");
  auto put = lab.start("put -n 1024 " + ring_name("/many"));
  CHECK(put.prints_next("ready\n"));
  auto get = lab.start("get " + ring_name("/many"));
  put.type(many);
  put.close_input();
  CHECK(get.prints_next(many));
  CHECK(get.exits_with(0));
  // A ring with each place on a page of its own is right too, and has 256 MiB of places that nobody writes.
  room::Order sparse;
  sparse.limits.file_bytes = std::uint64_t{1} << 30;
  auto most = lab.start("put -n 65536 -m 8 " + ring_name("/most"), sparse);
  const std::string records = lines(65536, "");
  most.type(records);
  CHECK(most.prints_next("ready\n"));
  CHECK(most.has_read_its_input());
  CHECK(most.blocks_in("read", 0));
  most.close_input();
  auto got = lab.start("get " + ring_name("/most"));
  CHECK(got.prints_next(records));
  CHECK(got.exits_with(0));
  CHECK(most.exits_with(0));
  const std::string longest = std::string(1048576, 'x') + "\n";
  auto large = lab.start("put -n 1 -m 1048576 " + ring_name("/large"));
  large.type(longest);
  large.close_input();
  CHECK(large.prints_next("ready\n"));
  auto taker = lab.start("get " + ring_name("/large"));
  CHECK(taker.prints_next(longest));
  CHECK(taker.exits_with(0));
  auto strict = lab.start("put -m 5 " + ring_name("/strict"));
  strict.type("12345\n123456\n\n");
  strict.close_input();
  CHECK(strict.exits_with(1));
  CHECK(strict.complains("2"));
  auto rest = lab.start("get " + ring_name("/strict"));
  CHECK(rest.prints_next("12345\n\n"));
  CHECK(rest.exits_with(0));
  CHECK(rest.prints_nothing_more());
  auto copy = lab.start("copy -m 5 " + ring_name("/copy"));
  copy.type("12345\n123456\n\n");
  copy.close_input();
  CHECK(copy.prints_next("12345\n\n"));
  CHECK(copy.exits_with(1));
}

TEST_SUITE_END();
