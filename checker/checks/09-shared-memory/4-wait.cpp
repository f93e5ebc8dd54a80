// Lab 09, the fourth part: who waits sleeps on a word of the ring, is woken there, and looks again.
#include "check.hpp"

#include <csignal>
#include <linux/futex.h>
#include <optional>
#include <sys/syscall.h>

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

// The writer is held when it has woken the reader, who looks and, where it finds nothing, sleeps again: for ever, where the record
// is told of only after that.
static void woken_when_told_of() {
  SharedMemory ring(lab.testbed(), ring_name("/held"));
  auto put = lab.start("put " + ring.name());
  CHECK(put.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  auto get = lab.start("get " + ring.name());
  CHECK(play::waits_on(lab.testbed(), ring, get));
  play::AfterCall waking(lab.testbed(), put, "futex()", [](const play::CallStop& call) { return call.number == SYS_futex && (call.args[1] & FUTEX_CMD_MASK) == FUTEX_WAKE; });
  put.type("a line\n");
  if (waking.comes()) static_cast<void>(play::wait_until(lab.testbed(), [&] { return !get.unread().empty(); }));
  waking.let_go();
  CHECK(play::unless_woken(get.prints_next("a line\n"), ring, get));
}

TEST_CASE("a reader of an empty ring sleeps, and is woken by the writer"
          * id("asleep") * points(6) * needs("carries")
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
  std::optional<play::Report> wakes;
  if (play::sleeps_with_a_timeout(get)) wakes = play::attach_strace(lab.testbed(), put, {"-f", "-e", "trace=futex", "-e", "signal=none"});
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) {
    put.type(std::to_string(i) + "\n");
    CHECK(play::unless_woken(get.prints_next(std::to_string(i) + "\n"), ring, get));
    CHECK(play::waits_on(lab.testbed(), ring, get));
  }
  if (!wakes) return woken_when_told_of();
  put.send(SIGKILL);  // strace has written all when it has ended
  CHECK(put.is_gone());
  int woken = 0;
  for (const std::string& line : split(wakes->text(), '\n')) woken += line.find("FUTEX_WAKE") != std::string::npos && line.find("= 0") == std::string::npos;
  if (woken < count / 2) CHECK(no("put wakes the reader for each line that it sleeps for", "for " + std::to_string(count) + " lines it did so " + std::to_string(woken) + " times: the reader's clock did the rest").is_explained_by("memory/not-woken"));
}

TEST_CASE("woken for nothing, each looks again and goes back to sleep"
          * id("for-nothing") * points(4) * needs("capacity") * needs("asleep")
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
  writer.type(lines(3));
  CHECK(waits_on_full(full, writer));
  for (int i = 0; i < 3; ++i) CHECK(play::looks_again(lab.testbed(), full, writer));
}

TEST_CASE("a place is given back when its record has been taken out"
          * id("given-back") * points(3) * needs("for-nothing")
          * hint("Copy the record out first, then change the counter, then wake: the writer may fill the place in the same moment.")) {
  // The reader is held where it wakes the writer, who is woken by the check and fills what is free. Thrice: where the
  // writer is slow to come, nothing is seen once.
  for (const char* name : {"/a", "/b", "/c"}) {
    const std::string one = lab.word(60), two = lab.word(60);
    SharedMemory ring(lab.testbed(), ring_name(name));
    auto put = lab.start("put -n 1 " + ring.name());
    put.type(one + "\n" + two + "\n");
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    rest(put);
    play::BeforeCall freeing(lab.testbed(), {{SYS_futex, FUTEX_WAKE}});
    freeing.hold([](pid_t, long) { return true; });
    auto get = lab.start({"get", ring.name()}, freeing.order());
    wake_at(freeing, ring, put, get, 4);
    get.settle();
    CHECK(is_there(get));
    const bool printed = !get.unread().empty();
    Verdict got = get.prints_next(one + "\n").is_explained_by("memory/given-back-too-early", printed);
    CHECK(unless_both_wait(std::move(got), ring, put, get));
  }
}

TEST_CASE("what is put just before the reader falls asleep is not slept through"
          * id("not-missed") * points(2) * needs("asleep")
          * hint("FUTEX_WAIT falls asleep only if the word still has the value that it is given: so the word is the very one that changes, and the value the one that was looked at.")) {
  for (int nth = 1; nth <= 3; ++nth) {
    SharedMemory ring(lab.testbed(), ring_name("/a" + std::to_string(nth)));
    auto put = lab.start("put " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    Drowsy get("get " + ring.name(), ring, nth);
    if (!get.is_held()) continue;
    put.type("in between\n");
    rest(put);
    get.let_go();
    CHECK(unless_missed(get->prints_next("in between\n"), ring, *get));
  }
}

TEST_CASE("a reader takes out what has filled the ring, and its writer goes on"
          * id("frees") * points(4) * needs("given-back") * needs("not-missed")
          * hint("Who frees a place changes the counter that the writer waits for, and wakes it.")) {
  for (const int n : {1, 2, 64}) {
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(n)));
    auto put = lab.start("put -n " + std::to_string(n) + " " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    put.type(lines(n) + "one more\n");
    rest(put);
    const std::string before = ring.bytes();
    auto get = lab.start("get " + ring.name());
    Verdict got = play::unless_woken(get.prints_next(lines(n) + "one more\n"), ring, put);
    CHECK(unless_overwritten(unless_on_one_word(unless_both_wait(std::move(got), ring, put, get), ring, put, get), get, before, "one more"));
    get.settle();
    put.type("and another\n");
    Verdict next = get.prints_next("and another\n");
    const bool found_another = next.failed_by(play::Evidence::Kind::differs) || next.failed_by(play::Evidence::Kind::ended);
    CHECK(std::move(next).hints("get was woken, and has not found the next record where it looked. Record n lies in place n % places, for both sides, and all the places must be mapped.", found_another));
  }
  // The reader frees a place just before the writer falls asleep.
  for (int nth = 1; nth <= 3; ++nth) {
    SharedMemory ring(lab.testbed(), ring_name("/a" + std::to_string(nth)));
    Drowsy put("put -n 1 " + ring.name(), ring, nth);
    if (!put.is_held() || !ring.exists().passed()) continue;
    auto get = lab.start("get " + ring.name());
    put.stays_until([&] { return !get.unread().empty(); });
    put.let_go();
    CHECK(unless_missed(get.prints_next("one\ntwo\n"), ring, *put));
  }
}

TEST_CASE("an end that comes just before the reader falls asleep is not slept through"
          * id("end-not-missed") * points(1) * needs("not-missed") * needs("ends")
          * hint("That there is no more to come is told by the word that the reader sleeps on: else it has changed before the sleep, and the word has not.")) {
  for (int nth = 1; nth <= 3; ++nth) {
    SharedMemory ring(lab.testbed(), ring_name("/a" + std::to_string(nth)));
    auto put = lab.start("put " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    Drowsy get("get " + ring.name(), ring, nth);
    if (!get.is_held()) continue;
    put.close_input();
    get.stays_until([&] { return put.has_ended(); });
    get.let_go();
    CHECK(put.exits_with(0));
    CHECK(unless_no_end(get->exits_with(0), ring, *get));
  }
}

TEST_SUITE_END();
