// Proofs that a connection of the check's own carries descriptors both ways, knows the byte each came with, tells one open file from
// two of one file, and shows to a server who connected it.
#include <doctest/doctest.h>
#include <fcntl.h>

#include "play/subject/client.hpp"
#include "play/subject/listener.hpp"
#include "tests/in_room.hpp"

using play::Address, play::Client, play::Connection, play::Listener;
using tests::Story;

namespace {

bool has(const play::Verdict& failed, const std::string& part) {
  return !failed.passed() && failed.sentence().find(part) != std::string::npos;
}

// A broker of one file, and a client of the check's that has reached it.
std::string beside_a_broker(const std::function<std::string(play::Program&, Client&)>& life) {
  return tests::in_room([&](play::Testbed& testbed) {
    play::lab.file("text").put("abcdefgh");
    play::Program broker = play::lab.start_program("passers", "broker door text");
    Client one(testbed, "one");
    Story story;
    story << broker.prints_next("ready\n") << one.reaches(Address("unix:door"));
    one.read_by_the_byte();
    return story.result() == "holds" ? life(broker, one) : story.result();
  });
}

}  // namespace

TEST_CASE("descriptors come with the byte they were sent with, and are counted") {
  CHECK(beside_a_broker([](play::Program&, Client& one) {
          Story story;
          one.send("3");
          story << one.receives_with("ok\n", 3);
          if (one.take_descriptors().size() != 3) return std::string("not three");
          one.send("n0n");
          story << one.receives_line("no ", 64) << one.receives("ok\n") << one.receives_line("no", 13);
          one.send("1");
          if (!has(one.receives_with("ok\n", 2), "1 descriptor comes with them")) return std::string("one was taken for two");
          one.send("0");
          if (!has(one.receives_with("ok\n", 1), "no descriptor comes")) return std::string("none was taken for one");
          one.send("2");
          if (!has(one.receives("ok\n"), "2 descriptors come")) return std::string("two were taken for none");
          one.send("l");
          if (!has(one.receives_with("ok\n", 1), "no descriptor with its first byte, 1 with a later one"))
            return std::string("the last byte was taken for the first");
          one.send("n");
          if (!has(one.receives_line("no ", 5), "longer than 5")) return std::string("a long line was taken");
          static_cast<void>(one.receives(" name\n"));
          if (one.take_descriptors().size() != 4) return std::string("not four in the end");
          return story.result();
        }) == "holds");
}

TEST_CASE("one open file is told from the same file opened again") {
  CHECK(beside_a_broker([](play::Program& broker, Client& one) {
          Story story;
          one.send("1a");
          story << one.receives_with("ok\n", 1) << one.receives_with("ok\n", 1);
          const std::vector<base::Fd> taken = one.take_descriptors();
          const size_t open = broker.descriptors();
          story << broker.has_open_file_of(taken.at(0).get(), "what came")
                << broker.has_open_file_at(3, taken.at(0).get(), "what came");
          if (broker.descriptors_of_all() != open) return std::string("it has nobody below it");
          base::Fd again = base::open_file("text", O_RDONLY);
          if (!has(broker.has_open_file_of(again.get(), "another"), "one open file"))
            return std::string("two openings were taken for one");
          if (!has(broker.has_open_file_at(0, taken.at(0).get(), "what came"), "descriptor 0"))
            return std::string("a pipe was taken for the file");
          return lseek(taken.at(0).get(), 0, SEEK_CUR) == 0 ? story.result() : "the position was left elsewhere";
        }) == "holds");
}

TEST_CASE("descriptors that the check sends come, with the first byte alone") {
  CHECK(beside_a_broker([](play::Program& broker, Client& one) {
          Story story;
          base::Pipe pipe = base::make_pipe();
          one.send_with("cc", std::vector<int>(200, pipe.write_end.get()));
          story << one.receives("200\n0\n") << one.has_been_read();
          one.end_writing();
          story << one.meets_end_of_file() << broker.stays_alive();
          return story.result();
        }) == "holds");
}

TEST_CASE("what was not read yet is known, and a broker that is stopped has read nothing") {
  CHECK(beside_a_broker([](play::Program& broker, Client& one) {
          broker.freeze();
          one.send("1");
          if (!has(one.has_been_read(), "reads what one has sent")) return std::string("it was taken for read");
          broker.thaw();
          Story story;
          story << one.has_been_read() << one.receives_with("ok\n", 1);
          return story.result();
        }) == "holds");
}

TEST_CASE("who connects through a peer is that process to the server") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          play::lab.file("text").put("x");
          play::Program broker = play::lab.start_program("passers", "broker door text");
          play::Peer peer(testbed);
          Client one(testbed, "one"), two(testbed, "two");
          Story story;
          story << broker.prints_next("ready\n") << one.reaches_through(peer, Address("unix:door"));
          one.send("w");
          story << one.receives(std::to_string(peer.pid().number) + "\n");
          const play::Verdict refused = two.reaches_through(peer, Address("unix:nothing"));
          return has(refused, "No such file") ? story.result() : "a name that is not there was reached";
        }) == "holds");
}

TEST_CASE("a check that listens is reached, answers with descriptors, and knows when nobody comes") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          play::lab.file("text").put("xyz");
          Listener listener(testbed, Address("unix:door"), "taker");
          play::Program taker = play::lab.start_program("passers", "taker door");
          std::optional<Connection> met;
          Story story;
          story << listener.is_reached(met);
          if (!met) return story.result();
          story << met->receives("a\n");
          base::Fd text = base::open_file("text", O_RDONLY);
          met->send_with("o", {text.get()});
          story << taker.prints_next("took x\n") << listener.is_reached_by_nobody() << taker.has_open_file_of(text.get(), "the text");
          play::Program late = play::lab.start_program("passers", "taker door");
          if (!has(listener.is_reached_by_nobody(), "connects to nobody")) return std::string("somebody was taken for nobody");
          story << listener.is_reached(met) << met->receives("a\n");  // it has sent: what comes now is end-of-file, and no SIGPIPE
          met->close();
          story << late.exits_with(1);
          listener.close();
          Client none(testbed, "none");
          story << none.is_refused_at(Address("unix:door"));
          const Listener tcp(testbed, Address("tcp:127.0.0.1:0"), "nobody");
          Client over_tcp(testbed, "one");
          story << over_tcp.reaches(tcp.address());
          return story.result();
        }) == "holds");
}

TEST_CASE("a name that a program has taken first is the program's doing") {
  CHECK(beside_a_broker([](play::Program& broker, Client&) {
          static_cast<void>(broker);
          try {
            const Listener late(play::lab.testbed(), Address("unix:door"), "nobody");
          } catch (const play::Obstructed& said) {
            return said.evidence().actual == "it is in use" ? std::string("holds") : said.evidence().actual;
          }
          return std::string("it was taken twice");
        }) == "holds");
}
