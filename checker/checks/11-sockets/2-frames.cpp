// Lab 11: requests and answers, in any pieces.
#include <fmt/format.h>

#include "words.hpp"

using namespace echod;

TEST_SUITE_BEGIN("11-sockets");

TEST_CASE("a request is answered: e brings its payload back"
          * id("echo") * points(4) * needs("unix") * todo(3) * todo(4) * todo(5) * todo(6)
          * hint("A request is `00 00 00 06 65 68 65 6c 6c 6f`, and its answer `00 00 00 05 68 65 6c 6c 6f`. In each, the first four bytes say how many follow.")) {
  Server server;
  auto ann = client("ann");
  CHECK(ann.reaches(server.door()));
  const std::string text = lab.word(5);
  CHECK(asks(ann, server, request('e', text), answer(text)));
  CHECK(hears_nothing(ann, server));
  CHECK(asks(ann, server, request('e', text + "more"), answer(text + "more")));
}

TEST_CASE("r brings it back in reverse order, c how many bytes it has, on both kinds of socket"
          * id("operations") * points(3) * needs("echo") * needs("each")
          * hint("`answer` is given. Which bytes of the frame are the payload, and how many?")) {
  Server server = on_both_doors();
  const std::string text = lab.word(11);
  for (const Address& door : server.doors) {
    auto ann = client("ann");
    CHECK(ann.reaches(door));
    Verdict first = asks(ann, server, request('r', text), answer({text.rbegin(), text.rend()}));
    const bool nobody_there = !first.passed() && !(door.text() == server.door().text()) && ann.unread().empty() && !ann.is_over() && !server.program.has_ended();
    CHECK(std::move(first).hints("At the first ADDRESS it answers, and at " + door.text() + " nobody does. Is every listener asked for, and accept(2) called at the one that is ready?", nobody_there));
    CHECK(asks(ann, server, request('c', text), answer("11")));
    CHECK(asks(ann, server, request('e', text), answer(text)));
    ann.close();
  }
}

TEST_CASE("a payload may have no byte at all"
          * id("empty") * points(2) * needs("operations")
          * hint("The answer to an empty echo is four zeros, and that is an answer.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  CHECK(asks(ann, server, request('c', ""), answer("0")));
  ann.send(request('e', ""));
  Verdict comes = gets(ann, server, answer(""));
  const bool nothing = !comes.passed() && ann.received().size() == 16 && !ann.is_over();
  CHECK(std::move(comes).hints("Nothing came. An answer of no bytes has its length still: 00 00 00 00.", nothing));
  CHECK(asks(ann, server, request('r', ""), answer("")));
  CHECK(is_served(ann, server));
}

TEST_CASE("a request may come in any pieces, also byte by byte"
          * id("pieces") * points(5) * needs("echo")
          * hint("recv(2) returns what is there. Keep it, and look whether a whole frame has come: first four bytes, then as many as they say.")) {
  Server server;
  auto ann = client("ann");
  CHECK(ann.reaches(server.door()));
  const std::string text = lab.word(4), whole = request('e', text), wanted = answer(text);
  const auto in_two = [&](size_t cut) {
    ann.send(whole.substr(0, cut));
    Verdict quiet = hears_nothing(ann, server);
    if (!quiet.passed()) return std::move(quiet).means("socket/read-is-a-frame").where(fmt::format("{} of the 9 bytes of a request have come", cut));
    ann.send(whole.substr(cut));
    Verdict comes = gets(ann, server, wanted).where(fmt::format("a request has come in two pieces, {} bytes and {}", cut, whole.size() - cut));
    const bool dropped = !comes.passed() && !server.program.has_ended() && ann.unread().empty();
    return std::move(comes).is_explained_by("socket/read-is-a-frame", dropped);
  };
  for (size_t cut = whole.size() - 1; cut > 0; --cut) CHECK(in_two(cut));
  for (const char byte : whole.substr(0, 8)) {
    ann.send(std::string(1, byte));
    CHECK(hears_nothing(ann, server));
  }
  ann.send(whole.substr(8));
  CHECK(gets(ann, server, wanted));
}

TEST_CASE("many requests may come in one piece, with part of the next behind them"
          * id("many") * points(4) * needs("pieces")
          * hint("After one frame look again: is there another whole one? What is left is the beginning of the next, and stays.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  Exchange asked;
  for (int i = 0; i < 500; ++i) asked.echo(fmt::format("{} {}", i, lab.word(3)));
  const std::string next = request('e', "abcdef");
  ann.send(asked.requests + next.substr(0, 6));
  Verdict all = gets(ann, server, asked.answers);
  const bool some = !all.passed() && !ann.is_over() && !server.program.has_ended() && asked.answers.starts_with(ann.unread());
  const bool only_first = some && ann.unread().size() < 20;
  CHECK(std::move(all)
            .is_explained_by("socket/one-frame-for-a-read", only_first)
            .hints("A part was answered, and then it stopped, with whole requests in its buffer or in the socket. What makes it look at them again when the answers have gone out?", some));
  CHECK(hears_nothing(ann, server));
  ann.send(next.substr(6));
  CHECK(gets(ann, server, answer("abcdef")));
}

TEST_CASE("a payload may hold any bytes, and 65535 of them"
          * id("longest") * points(2) * needs("pieces") * needs("operations")
          * hint("NUL is a byte like others, and so is one above 127: count in bytes, and in unsigned numbers. N may be 65536, the payload's 65535 and the operation: with its length such a frame has 65540 bytes.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  for (const size_t size : {size_t{1}, size_t{200}, size_t{256}, 3000 + lab.dice()() % 1000, size_t{65535}}) {
    const std::string bytes = some_bytes(size);
    CHECK(asks(ann, server, request('e', bytes), answer(bytes)));
    CHECK(asks(ann, server, request('c', bytes), answer(std::to_string(size))));
  }
}

TEST_CASE("a client that says nothing, or stops in the middle of a frame, stops nobody"
          * id("nobody-stops") * points(3) * needs("pieces")
          * hint("Wait for all of them at once: poll(2), select(2) or epoll(7). Who reads from one until it has a whole frame has forgotten the others.")) {
  Server server;
  auto silent = client("the silent one"), slow = client("the slow one"), bea = client("bea"), ann = client("ann");
  CHECK(ann.reaches(server.door()));
  CHECK(is_served(ann, server));
  CHECK(silent.reaches(server.door()));
  const std::string text = lab.word(6), whole = request('e', text);
  CHECK(slow.reaches(server.door()));
  slow.send(whole.substr(0, 7));
  Verdict served = comes_and_is_served(bea, server);
  const bool of_another = !served.passed() && bea.unread().find(text.substr(0, 2)) != std::string::npos;
  CHECK(std::move(served).hints("In bea's answer are bytes that the slow client has sent. What has come belongs to its connection: a buffer for each.", of_another));
  CHECK(is_served(ann, server));
  slow.send(whole.substr(7));
  CHECK(gets(slow, server, answer(text)));
  CHECK(is_served(silent, server));
}

TEST_CASE("answers go out whole, however little the socket takes at a time"
          * id("whole-answers") * points(3) * needs("many") * needs("longest")
          * hint("send(2) returns how much it has taken. The rest waits until poll(2) says POLLOUT. EAGAIN means: not now.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  ann.read_only(0);
  Exchange asked;
  for (int i = 0; i < 24; ++i) asked.echo(some_bytes(65000 + lab.dice()() % 500));
  ann.send(asked.requests);
  play::let_all_come_to_rest(lab.testbed());
  ann.read_again();
  Verdict all = gets(ann, server, asked.answers);
  if (!all.passed() && !ann.is_over() && !server.program.has_ended()) {
    // Is it lost, or does it lie there? One more request, and what comes of it comes in the place of what is lost.
    ann.send(request('c', ""));
    server.program.settle();
    const bool spins = all.failed_by(play::Evidence::Kind::spent);
    const bool lost = ann.unread().size() > 65536 && !asked.answers.starts_with(ann.unread());
    CHECK(std::move(all).is_explained_by("socket/short-write", lost).hints(spins ? "A part of the answers lies in the program, and it runs without a pause. What does poll(2) say of this client, and is that seen? `revents` is a set of bits: POLLIN and POLLOUT may come together."
                               : "A part of the answers lies in the program, and it sleeps. Does it ask for POLLOUT while it has something to send?", !lost));
  }
  CHECK(std::move(all));
  CHECK(is_served(ann, server));
}

TEST_CASE("a client that does not read its answers keeps nobody else waiting"
          * id("nobody-waits") * points(3) * needs("whole-answers") * needs("nobody-stops")
          * hint("No call of the server may wait for one client: not a send(2) to who does not read either. All descriptors are non-blocking, and the only place that waits asks for all.")) {
  Server server;
  auto lazy = client("the one who does not read"), bea = client("bea");
  CHECK(comes_and_is_served(lazy, server));
  CHECK(comes_and_is_served(bea, server));
  Exchange asked;
  for (int i = 0; i < 24; ++i) asked.echo(some_bytes(65000));
  lazy.read_only(0);
  lazy.send(asked.requests);
  CHECK(is_served(bea, server));
  // A UNIX socket is writable again only when most of what lay there has been read: a write of more than its room sleeps then.
  for (int i = 0; i < 2; ++i) {
    lazy.read_only(200000);
    play::let_all_come_to_rest(lab.testbed());
    CHECK(is_served(bea, server));
  }
  lazy.read_again();
  CHECK(gets(lazy, server, asked.answers));
}

TEST_CASE("to be stopped and continued changes nothing"
          * id("continued") * points(1) * needs("echo")
          * hint("Some calls fail with EINTR when a process is continued, although it has no handler: epoll_wait(2) does (signal(7)). Call it again.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  for (int i = 0; i < 3; ++i) {
    CHECK(lives(server));  // and sleeps
    server.program.freeze();
    server.program.thaw();
    Verdict goes_on = lives(server);
    CHECK(std::move(goes_on).is_explained_by("socket/interrupted-by-nothing"));
    CHECK(is_served(ann, server));
  }
}

TEST_SUITE_END();
