// Proofs that a client of the check's own meets a server as any client would, on both kinds of socket, and that its failures say
// what was sent, what came and what lies unread where. The server is the test's own: one client at a time, and it echoes.
#include <doctest/doctest.h>
#include <stdexcept>

#include "base/text.hpp"
#include "play/subject/client.hpp"
#include "tests/in_room.hpp"

using play::Address, play::Client;
using tests::Story;

namespace {

struct Server {
  play::Program program;
  Address at;
};

Server server(bool over_tcp) {
  if (!over_tcp) {
    play::Program program = play::lab.start("local door");
    static_cast<void>(program.prints_next("ready door\n").passed());
    return {program, Address("unix:door")};
  }
  play::Program program = play::lab.start("tcp");
  static_cast<void>(program.prints("\n").passed());
  return {program, Address("tcp:127.0.0.1:" + base::split(program.printed(), ' ').at(1).substr(0, program.printed().size() - 7))};
}

// In a room, with each kind of server.
void on_both(const std::function<std::string(play::Testbed&, Server&)>& life) {
  for (const bool over_tcp : {false, true}) {
    CAPTURE(over_tcp);
    CHECK(tests::in_room([&](play::Testbed& testbed) {
            Server there = server(over_tcp);
            return life(testbed, there);
          }) == "holds");
  }
}

std::string all_lines(const play::Verdict& v) { return v.sentence() + "\n" + base::join(v.evidence().lines, "\n"); }

}  // namespace

TEST_CASE("a client sends and receives in pieces, ends its half, and meets end-of-file") {
  on_both([](play::Testbed& testbed, Server& there) {
    Client one(testbed, "one");
    Story story;
    story << one.reaches(there.at);
    for (const char* piece : {"a", "bc", ""}) one.send(piece);
    story << one.receives("ab") << one.receives("c") << one.receives_nothing();
    if (one.is_over()) return std::string("it is over too soon");
    one.end_writing();
    story << one.meets_end_of_file() << there.program.stays_alive();
    return one.received() == "abc" ? story.result() : std::string("it has not kept what it received");
  });
}

TEST_CASE("who is not served yet is told from who is, and what lies unread is said") {
  on_both([](play::Testbed& testbed, Server& there) {
    Client one(testbed, "one"), two(testbed, "two");
    Story story;
    story << one.reaches(there.at) << two.reaches(there.at);
    two.send("xy");
    story << two.has_sent_all();
    const std::string failed = all_lines(two.receives("xy"));
    for (const char* part : {"two has sent 2 bytes", "unread in the socket of the server", "it has received nothing"})
      if (failed.find(part) == std::string::npos) return failed;
    one.close();
    story << two.receives("xy");
    const std::string other = all_lines(two.receives_nothing()) + all_lines([&] { return two.send("z"), two.receives("y"); }());
    if (other.find("unread in") != std::string::npos || other.find("\"z\"") == std::string::npos) return other;
    return story.result();
  });
}

TEST_CASE("a client that does not read holds its server up, and nothing is lost when it reads again") {
  on_both([](play::Testbed& testbed, Server& there) {
    std::string much;
    for (int i = 0; much.size() < (size_t{12} << 20); ++i) much += std::to_string(i) + " ";
    Client one(testbed, "one");
    Story story;
    story << one.reaches(there.at);
    one.read_only(5);
    one.send(much);
    play::let_all_come_to_rest(testbed);  // over TCP the kernel asks again and again whether there is room
    if (one.unsent() == 0) return std::string("everything was taken");
    if (there.at.is_unix() && one.has_sent_all().passed()) return std::string("it is said that everything was taken");
    if (one.received() != much.substr(0, 5)) return "it has read " + std::to_string(one.received().size()) + " bytes";
    one.read_again();
    story << one.receives(much) << one.has_sent_all();
    return story.result();
  });
}

TEST_CASE("a reset is met by the server, and by a client whose server has ended") {
  on_both([](play::Testbed& testbed, Server& there) {
    Client one(testbed, "one"), two(testbed, "two");
    Story story;
    story << one.reaches(there.at);
    one.send("a");
    story << one.receives("a");
    one.reset();
    story << two.reaches(there.at);
    two.send("b");
    story << two.receives("b") << there.program.stays_alive();
    there.program.freeze();
    two.send("unread");
    there.program.send(SIGKILL);
    story << two.is_closed() << there.program.dies_of(SIGKILL);
    const play::Verdict no = two.meets_end_of_file();
    if (no.passed()) return std::string("a reset was taken for end-of-file");
    return story.result();
  });
}

TEST_CASE("nobody listens: at another port or path, on a file, or any more") {
  on_both([](play::Testbed& testbed, Server& there) {
    play::lab.file("plain").put("x");
    Client one(testbed, "one");
    Story story;
    story << one.reaches(there.at) << one.is_refused_at(Address("unix:nothing")) << one.is_refused_at(Address("unix:plain"));
    if (!there.at.is_unix()) story << one.is_refused_at(there.at.with_host("127.0.0.2"));
    const std::string made = all_lines(one.is_refused_at(there.at));
    if (made.find("a connection is made") == std::string::npos) return made;
    Client other(testbed, "other");
    const std::string none = all_lines(other.reaches(Address("unix:nothing")));
    if (none.find("No such file") == std::string::npos) return none;
    there.program.send(SIGKILL);
    story << there.program.dies_of(SIGKILL) << other.is_refused_at(there.at);
    return story.result();
  });
}

TEST_CASE("an address is what the word says, and nothing else is one") {
  CHECK(Address("unix:a/b").path() == "a/b");
  CHECK(Address("tcp:127.0.0.1:80").port() == 80);
  CHECK(Address("tcp:[::1]:0").with_port(7).text() == "tcp:[::1]:7");
  CHECK(Address("tcp:127.0.0.1:1").with_host("127.0.0.2").text() == "tcp:127.0.0.2:1");
  for (const char* text : {"", "unix:", "tcp:", "tcp::1", "tcp:127.0.0.1", "tcp:127.0.0.1:", "tcp:127.0.0.1:x", "tcp:127.0.0.1:123456", "tcp:127.0.0.1:65536", "udp:127.0.0.1:1"})
    CHECK_THROWS_AS(static_cast<void>(Address(text)), std::invalid_argument);
}
