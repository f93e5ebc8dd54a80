// Lab 11: many clients, who pause, say goodbye, vanish, and talk nonsense.
#include <algorithm>
#include <fmt/format.h>

#include "words.hpp"

using namespace echod;

namespace {

// After the last byte: end-of-file, and no reset.
Verdict is_let_go(Client& client, Server& server) {
  Verdict end = client.meets_end_of_file();
  if (end.passed()) return end;
  if (server.program.has_ended()) return server.program.stays_alive();
  const bool open = !client.is_over() && client.unread().empty(), spins = end.failed_by(play::Evidence::Kind::spent);
  return std::move(end).is_explained_by("process/busy-loop", spins).is_explained_by("socket/never-closed", open);
}

// It has said that it sends no more, and the answers that it is owed come.
Verdict gets_what_it_is_owed(Client& client, Server& server, const std::string& wanted) {
  Verdict comes = gets(client, server, wanted);
  const bool dropped = !comes.passed() && client.is_over() && !server.program.has_ended();
  return std::move(comes).means("socket/half-close-taken-for-the-end", dropped);
}

}  // namespace

TEST_SUITE_BEGIN("11-sockets");

TEST_CASE("so many clients need no process and no thread each: 32 are enough for all"
          * id("tasks") * points(2) * needs("nobody-stops")
          * hint("poll(2) waits for all of them in one thread. A thread that sleeps for each costs a stack for each.")) {
  Server server;
  std::vector<Client> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(client(fmt::format("client {}", i + 1)));
    CHECK(comes_and_is_served(all.back(), server));
  }
  const size_t count = tasks();
  CHECK(Verdict::yes_if(count <= 32, "40 clients are served by at most 32 processes and threads", fmt::format("there are {}", count)).means("socket/a-task-for-each"));
}

TEST_CASE("two hundred clients are there at once, and each gets its answer when it goes on"
          * id("two-hundred") * points(3) * needs("tasks") * needs("continued")
          * hint("What has come of a frame belongs to its client. Is there a limit somewhere: a table, FD_SETSIZE, the number given to listen(2), one accept(2) for several that came?")) {
  Server server;
  std::vector<Client> all;
  const std::string text = lab.word(5), whole = request('e', text), wanted = answer(text);
  server.program.freeze();  // they come all at once
  for (int i = 0; i < 5; ++i) {
    all.push_back(client(fmt::format("client {}", i + 1)));
    CHECK(all.back().reaches(server.door()));
  }
  server.program.thaw();
  for (size_t i = 5; i < 200; ++i) {
    all.push_back(client(fmt::format("client {}", i + 1)));
    CHECK(all.back().reaches(server.door()));
    all.back().send(whole.substr(0, i % 10));
  }
  auto late = client("client 201");
  CHECK(comes_and_is_served(late, server));
  for (size_t i = all.size(); i-- > 0;) all[i].send(whole.substr(i < 5 ? 0 : i % 10));
  for (Client& one : all) CHECK(gets(one, server, wanted));
}

TEST_CASE("a client that ends its writing half gets its answers, then end-of-file"
          * id("half-close") * points(4) * needs("operations") * todo(7)
          * hint("recv(2) returns 0: nothing more comes. It can still read. When all that it is owed has gone out, close(2).")) {
  Server server = on_both_doors();
  const std::string text = lab.word(9);
  for (const Address& door : server.doors) {
    auto ann = client("ann");
    CHECK(ann.reaches(door));
    CHECK(asks(ann, server, request('e', text), answer(text)));
    ann.end_writing();
    CHECK(is_let_go(ann, server));
    ann.close();
  }
}

TEST_CASE("also where the requests and end-of-file have come together"
          * id("together") * points(2) * needs("half-close") * needs("many") * needs("continued")
          * hint("Read what is there before you believe the end: POLLRDHUP and end-of-file come beside unread requests.")) {
  Server server;
  const std::string text = lab.word(9);
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  server.program.freeze();
  ann.send(echoes(3, text).requests);
  ann.end_writing();
  server.program.thaw();
  CHECK(gets_what_it_is_owed(ann, server, echoes(3, text).answers));
  CHECK(is_let_go(ann, server));
}

TEST_CASE("half a frame before end-of-file gets no answer, and the connection is closed"
          * id("half-a-frame") * points(2) * needs("half-close") * needs("pieces")
          * hint("The rest of it will never come.")) {
  Server server;
  const std::string text = lab.word(9), whole = request('e', text);
  for (const size_t cut : {size_t{2}, size_t{4}, whole.size() - 1}) {
    auto ann = client("ann");
    CHECK(comes_and_is_served(ann, server));
    ann.send(whole + whole.substr(0, cut));
    CHECK(gets(ann, server, answer(text)));
    ann.end_writing();
    CHECK(is_let_go(ann, server));
  }
}

TEST_CASE("the answers owed may be more than the socket takes at once: they come all, then end-of-file"
          * id("owed") * points(2) * needs("together") * needs("whole-answers")
          * hint("End-of-file says that nothing more is sent to you. What is in your own buffer still has to go out before you close.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  ann.read_only(0);
  const std::string bytes = some_bytes(65000);
  ann.send(echoes(5, bytes).requests);
  ann.end_writing();
  play::let_all_come_to_rest(lab.testbed());
  ann.read_again();
  CHECK(gets_what_it_is_owed(ann, server, echoes(5, bytes).answers));
  CHECK(is_let_go(ann, server));
}

TEST_CASE("a client that closes while answers are on their way harms nobody"
          * id("vanishes") * points(3) * needs("nobody-stops") * needs("continued")
          * hint("Who writes to nobody gets SIGPIPE, which ends it, and EPIPE: send(2) with MSG_NOSIGNAL, or the signal ignored; then close this one.")) {
  Server server;
  auto ann = client("ann"), bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
  CHECK(comes_and_is_served(ann, server));
  server.program.freeze();
  ann.send(echoes(3, lab.word(9)).requests);
  ann.close();
  server.program.thaw();
  CHECK(is_served(bea, server));
  auto late = client("cleo");
  CHECK(comes_and_is_served(late, server));
}

TEST_CASE("a client that resets its connection, or is gone before it is accepted, harms nobody"
          * id("resets") * points(2) * needs("vanishes") * needs("tcp")
          * hint("recv(2) says ECONNRESET: that is about this client alone. Close it, and go on.")) {
  Server server({free_door()});
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  ann.send(request('e', "hello").substr(0, 7));
  CHECK(hears_nothing(ann, server));
  ann.reset();
  CHECK(is_served(bea, server));
  server.program.freeze();
  auto before = client("one who does not wait"), other = client("another");
  CHECK(before.reaches(server.door()));
  CHECK(other.reaches(server.door()));
  before.reset();
  other.close();
  server.program.thaw();
  CHECK(is_served(bea, server));
  auto late = client("cleo");
  CHECK(comes_and_is_served(late, server));
}

TEST_CASE("when clients have gone as many descriptors are open as before"
          * id("descriptors") * points(3) * needs("vanishes") * needs("half-a-frame")
          * hint("Each accept(2) needs its close(2), whichever way the client has gone. By hand: ls /proc/PID/fd")) {
  Server server;
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
  const size_t before = server.program.descriptors();
  for (int round = 0; round < 4; ++round) {
    std::vector<Client> all;
    for (int i = 0; i < 12; ++i) {
      all.push_back(client(fmt::format("client {}", 12 * round + i + 1)));
      CHECK(comes_and_is_served(all.back(), server));
    }
    for (size_t i = 0; i < all.size(); ++i) {
      if (i == 0) server.program.freeze();  // so that they have gone when they are answered
      if (i % 3 == 0) all[i].send(request('e', "hello"));
      if (i % 3 == 1) all[i].send(request('e', "hello").substr(0, 7));
      if (i % 3 == 2) all[i].end_writing();
      else all[i].close();
    }
    server.program.thaw();
  }
  CHECK(is_served(bea, server));
  CHECK(has_closed_down_to(server.program, before).means("socket/descriptor-left"));
}

TEST_CASE("a length that cannot be closes the connection at once, and nobody else notices"
          * id("nonsense") * points(3) * needs("nobody-stops")
          * hint("0, and all above 65536: close without waiting for what is said to follow. It is an unsigned number: ff ff ff ff is not -1.")) {
  Server server;
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
  for (const std::uint32_t length : {0U, 65537U, 0x01000000U, 0x80000001U, 0xffffffffU}) {
    auto ann = client("ann");
    CHECK(comes_and_is_served(ann, server));
    ann.send(length_bytes(length) + "e");
    Verdict closed = ann.is_closed();
    if (!closed.passed() && server.program.has_ended()) CHECK(is_served(bea, server));
    const bool waits = !closed.passed() && ann.unread().empty();
    CHECK(std::move(closed).where(fmt::format("the length {} has come", length)).is_explained_by("socket/length-believed", waits));
    CHECK(is_served(bea, server));
  }
  auto web = client("a web browser");
  CHECK(comes_and_is_served(web, server));
  web.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(web.is_closed());
}

TEST_CASE("an operation that is none closes the connection when its frame is there, and nobody else notices"
          * id("unknown") * points(2) * needs("nobody-stops")
          * hint("`answer` says false where there is no such operation. That is this client's end, and no one else's.")) {
  Server server;
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
  for (const char operation : {'x', '\0', '\xff'}) {
    auto ann = client("ann");
    CHECK(comes_and_is_served(ann, server));
    ann.send(request(operation, "hello"));
    Verdict closed = ann.is_closed();
    if (!closed.passed() && server.program.has_ended()) CHECK(is_served(bea, server));
    CHECK(std::move(closed));
    CHECK(is_served(bea, server));
  }
}

TEST_CASE("the answers owed to requests before the nonsense are sent first"
          * id("owed-before") * points(2) * needs("nonsense") * needs("unknown") * needs("many")
          * hint("Nothing more is read from it, but what is owed goes out; then it is closed.")) {
  Server server;
  const std::string text = lab.word(9);
  for (const std::string& nonsense : {length_bytes(0), request('x', "hello"), length_bytes(70000)}) {
    auto ann = client("ann");
    CHECK(comes_and_is_served(ann, server));
    ann.send(echoes(2, text).requests + nonsense);
    CHECK(gets(ann, server, echoes(2, text).answers));
    CHECK(ann.is_closed());
  }
}

TEST_SUITE_END();
