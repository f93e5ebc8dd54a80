// Lab 09, the fifth part: any records, and as many as one likes; both sides in one process; and what stays when all is over.
#include "check.hpp"

#include "words.hpp"

using namespace ringing;

TEST_SUITE_BEGIN("09-shared-memory");

TEST_CASE("the end, too, leaves in its place what nobody has taken out yet"
          * id("end-waits") * points(2) * needs("ends") * needs("capacity") * needs("later") * needs("frees")
          * hint("A ring may be full when its writer has come to its end. Either the end waits for a place as a record does, or it needs none.")) {
  for (const int n : {1, 4}) {
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(n)));
    auto put = lab.start("put -n " + std::to_string(n) + " " + ring.name());
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    const std::string full = lines(n, lab.word(9));
    put.type(full);
    CHECK(put.has_read_its_input());
    rest(put);
    put.close_input();
    await_sleep(ring, put);  // or has ended
    auto get = lab.start("get " + ring.name());
    CHECK(unless_end_overwrites(get.prints_next(full), get, full));
    CHECK(get.exits_with(0));
  }
}

TEST_CASE("any bytes, any length, and a last line without a newline"
          * id("any-bytes") * points(2) * needs("frees") * needs("end-waits")
          * hint("A line may hold NUL, may be empty, and may have all of BYTES. Its length is told, not found.")) {
  for (const auto& [places, limit, count] : {std::tuple{1, 4999, 40}, {4, 5000, 60}, {128, 1, 700}}) {
    const std::string text = any_lines(count, limit);
    SharedMemory ring(lab.testbed(), ring_name("/of-" + std::to_string(places)));
    auto put = lab.start("put -n " + std::to_string(places) + " -m " + std::to_string(limit) + " " + ring.name());
    put.type(text.substr(0, text.size() - 1));  // the last line needs no newline
    put.close_input();
    CHECK(put.prints_next("ready\n"));
    CHECK(can_be_mapped(ring));
    auto get = lab.start("get " + ring.name());
    CHECK(get.prints_next(text));
  }
  const std::string longest = std::string(1048576, 'x') + "\n";
  auto large = lab.start("put -n 1 -m 1048576 " + ring_name("/large"));
  large.type(longest);
  CHECK(large.prints_next("ready\n"));
  auto taker = lab.start("get " + ring_name("/large"));
  CHECK(taker.prints_next(longest));
}

TEST_CASE("a ring of any size, again and again around it"
          * id("around") * points(2) * needs("frees") * needs("end-waits")
          * hint("Where does record n lie when n is larger than the ring? And do the counters tell 65536 records from none?")) {
  const std::string many = lines(20000, "");
  auto put = lab.start("put -n 1024 " + ring_name("/many"));
  CHECK(put.prints_next("ready\n"));
  auto get = lab.start("get " + ring_name("/many"));
  put.type(many);
  CHECK(get.prints_next(many));
  // All of its places are full, and the end is there or waits for a place, before a reader comes.
  SharedMemory ring(lab.testbed(), ring_name("/most"));
  auto most = lab.start("put -n 65536 -m 8 " + ring.name());
  CHECK(most.prints_next("ready\n"));
  CHECK(can_be_mapped(ring));
  const std::string records = lines(65536, "");
  most.type(records);
  CHECK(most.has_read_its_input());
  rest(most);
  most.close_input();
  await_sleep(ring, most);
  auto got = lab.start("get " + ring.name());
  CHECK(got.prints_next(records));
}

TEST_CASE("a line that is too long is said and left out, and the others pass"
          * id("too-long") * points(2) * needs("later")
          * hint("A record has at most BYTES. Which line was longer, and what does put return in the end?")) {
  auto put = lab.start("put -m 5 " + ring_name("/strict"));
  put.type("12345\n123456\n\n");
  put.close_input();
  CHECK(put.exits_with(1));
  CHECK(put.complains("2"));
  auto get = lab.start("get " + ring_name("/strict"));
  CHECK(get.prints_next("12345\n\n"));
  CHECK(get.exits_with(0));
  CHECK(get.prints_nothing_more());
}

TEST_CASE("copy carries through the ring as well, and has the status of its writer"
          * id("copy") * points(3) * needs("byte") * needs("frees") * needs("too-long")
          * hint("copy has the object mapped once, for both of its threads: one puts, and the other gets from there.")) {
  // Its reader sleeps in the middle of the first line, because nobody takes what it prints; the others lie in the ring.
  SharedMemory ring(lab.testbed(), ring_name("/a"));
  play::BeforeCall removing(lab.testbed(), name_removals());
  removing.hold([](pid_t, long) { return true; });
  auto copy = lab.start({"copy", "-n", "4", ring.name()}, removing.order(play::behind_full_output()));
  copy.leave_output();
  removing.hold_until([&] { return removing.times_held() > 0; });
  CHECK(can_be_mapped(ring));
  removing.open();
  const std::string first = lab.word(20), second = lab.word(20), others = lab.word(20) + "\n" + lab.word(20) + "\n" + lab.word(20) + "\n" + lab.word(20) + "\n";
  copy.type(first + "\n");
  CHECK(copy.waits_at(1));
  // What comes out now lies there, for its place is not needed yet; else it has come another way.
  const char* const another_way = "What comes out has not lain in the ring: copy hands its lines over in another way. Its two threads are a put and a get, and one mapping is enough for both.";
  const bool elsewhere = ring.is_mapped_by(copy).passed() && ring.bytes().find(first) == std::string::npos;
  copy.type(second + "A\n" + others);
  await_sleep(ring, copy);
  const bool full = ring.word_waited_on(copy).has_value();  // its writer waits, and the second one lies in the ring
  CHECK(changes(ring, second + "A", 'B').hints(another_way, elsewhere));
  copy.take_output();
  CHECK(copy.prints_next(first + "\n" + second + "B\n" + others).hints(another_way, full && copy.has_printed(second + "A")));
  copy.close_input();
  CHECK(copy.exits_with(0));
  auto strict = lab.start("copy -m 5 " + ring_name("/strict"));
  strict.type("12345\n123456\n\n");
  strict.close_input();
  CHECK(strict.prints_next("12345\n\n"));
  CHECK(strict.exits_with(1));
}

TEST_CASE("a name that was removed is free, and nothing stays of those who are killed"
          * id("gone") * points(2) * needs("name") * needs("carries")
          * hint("What is mapped stays until it is unmapped, also by SIGKILL: only a name stays for ever. Who has made one, and who removes it?")) {
  const std::string name = ring_name("/a");
  auto put = lab.start("put " + name);
  CHECK(put.prints_next("ready\n"));
  SharedMemory first(lab.testbed(), name);
  CHECK(can_be_mapped(first));
  auto get = lab.start("get " + name);
  CHECK(first.loses_its_name());
  auto put2 = lab.start("put " + name);
  CHECK(put2.prints_next("ready\n"));
  auto get2 = lab.start("get " + name);
  get2.settle();
  get.settle();
  put2.type("of the second\n");
  put.type("of the first\n");
  CHECK(get.prints_next("of the first\n"));
  CHECK(get2.prints_next("of the second\n"));
  auto copy = lab.start("copy " + ring_name("/c"));
  copy.type("copied\n");
  CHECK(copy.prints_next("copied\n"));
  for (const auto* one : {&put, &get, &put2, &get2, &copy}) one->send(SIGKILL);
  for (const auto* one : {&put, &get, &put2, &get2, &copy}) CHECK(one->is_gone());
  CHECK(put.leaves_nothing_behind());
}

TEST_SUITE_END();
