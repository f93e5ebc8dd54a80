// Lab 13: requests that come in any pieces, and clients who stop in the middle, do not read, or vanish.
#include <fmt/format.h>

#include "words.hpp"

using namespace handover;

TEST_SUITE_BEGIN("13-descriptor-passing");

TEST_CASE("a request may come in any pieces, also byte by byte"
          * id("pieces") * points(3) * needs("several")
          * hint("A stream has no messages: keep what has come until its newline is there.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  for (const char byte : std::string("a b\n")) {
    CHECK(hears_nothing(ann, broker));
    ann.send(std::string(1, byte));
  }
  Verdict whole = gets(ann, broker, 2);
  const bool only_the_newline = !whole.passed() && ann.unread().starts_with("no ");
  CHECK(std::move(whole).means("socket/read-is-a-frame", only_the_newline));
}

TEST_CASE("a client that says nothing, or only half of a request, stops no other"
          * id("silent") * points(3) * needs("no")
          * hint("One call waits, and for all of them: poll(2). A loop that reads until the newline is there waits for one.")) {
  Broker broker;
  std::vector<Client> silent;
  for (int i = 0; i < 10; ++i) {
    silent.push_back(asker(fmt::format("silent client {}", i + 1)));
    CHECK(comes(silent.back(), broker));
    if (i % 2 == 0) silent.back().send("nobo");
  }
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  for (size_t i = 0; i < silent.size(); ++i) {
    silent[i].send(i % 2 == 0 ? "dys\n" : "nobodys\n");
    CHECK(gets_no(silent[i], broker));
  }
}

TEST_CASE("several requests may come in one piece, with half of one behind them"
          * id("together") * points(3) * needs("goes-on") * needs("one-file") * needs("pieces") * needs("silent")
          * hint("After a line look again: there may be another whole one, and nobody will say so a second time.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  ann.send("a\nnobodys\nb\na\nb\nlo");
  CHECK(gets(ann, broker, 1));
  Verdict next = gets_no(ann, broker);
  const bool one_only = !next.passed() && ann.unread().empty() && !ann.is_over();
  CHECK(std::move(next).is_explained_by("socket/one-frame-for-a-read", one_only && !broker.program.has_ended()));
  for (int i = 0; i < 3; ++i) CHECK(gets(ann, broker, 1));
  CHECK(hears_nothing(ann, broker));
  ann.send("g\n");
  CHECK(gets(ann, broker, 1));
}

TEST_CASE("what was asked before the end of sending is answered, then the connection is closed"
          * id("half-close") * points(2) * needs("together")
          * hint("recvmsg(2) says 0: nothing more comes from there. The answers still go out, and then close(2).")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes_and_is_heard(ann, broker));
  broker.program.freeze();
  ann.send("a\nb\nhalf of on");
  ann.end_writing();
  broker.program.thaw();
  Verdict first = gets(ann, broker, 1);
  const bool dropped = !first.passed() && ann.is_over() && !broker.program.has_ended();
  CHECK(std::move(first).is_explained_by("socket/half-close-taken-for-the-end", dropped));
  CHECK(gets(ann, broker, 1));
  Verdict end = ann.is_closed();
  const bool open = !end.passed() && ann.unread().empty() && !ann.is_over(), spins = end.failed_by(play::Evidence::Kind::spent);
  CHECK(std::move(end).is_explained_by("process/busy-loop", spins).is_explained_by("socket/never-closed", open && !broker.program.has_ended()));
}

TEST_CASE("a client that does not take its answers stops no other"
          * id("not-taken") * points(2) * needs("silent") * needs("together")
          * hint("A socket's room is finite, and a blocking sendmsg(2) waits until its reader makes some. MSG_DONTWAIT, or a descriptor that does not block: then EAGAIN, and you decide.")) {
  Broker broker;
  auto lazy = asker("one who does not read"), full = asker("one with descriptors unread"), ann = asker("ann");
  for (Client* one : {&lazy, &full, &ann}) CHECK(comes_and_is_heard(*one, broker));
  lazy.read_only(0), full.read_only(0);
  std::string requests;
  for (int i = 0; i < 1500; ++i) requests += "nobodys\n";
  lazy.send(requests);
  for (int i = 0; i < 40; ++i) full.send("a\n");
  play::let_all_come_to_rest(lab.testbed());
  CHECK(is_heard(ann, broker));
}

TEST_CASE("with nothing to do it sleeps, also with half a request, and when a client has ended its half"
          * id("sleeps") * points(1) * needs("silent") * needs("one-file")
          * hint("poll(2) with a time-out of -1 returns when there is something. What is asked for and never taken makes it return for ever.")) {
  Broker broker;
  auto ann = asker("ann"), bea = asker("bea"), cleo = asker("cleo");
  for (Client* one : {&ann, &bea, &cleo}) CHECK(comes_and_is_heard(*one, broker));
  ann.send("half");
  bea.end_writing();
  broker.program.settle();
  Verdict asleep = broker.program.sleeps();
  const bool by_clock = asleep.failed_by(play::Evidence::Kind::differs);
  CHECK(std::move(asleep).means("process/woken-by-a-clock", by_clock));
  CHECK(is_heard(cleo, broker));
}

TEST_CASE("a client that has gone before its answer harms nobody"
          * id("gone") * points(3) * needs("silent") * needs("one-file")
          * hint("Who writes to nobody gets SIGPIPE, which ends it: sendmsg(2) with MSG_NOSIGNAL, or the signal ignored; then EPIPE, and close this one.")) {
  Broker broker;
  auto ann = asker("ann"), bea = asker("bea");
  CHECK(comes_and_is_heard(bea, broker));
  CHECK(comes_and_is_heard(ann, broker));
  broker.program.freeze();
  ann.send("a\nb\nnobodys\n");
  ann.close();
  broker.program.thaw();
  CHECK(is_heard(bea, broker));
  // Who closes with an answer unread resets the connection: recvmsg(2) says ECONNRESET then.
  auto rude = asker("dora");
  CHECK(comes(rude, broker));
  rude.read_only(0);
  rude.send("nobodys\n");
  CHECK(rude.has_been_read());
  broker.program.settle();
  rude.close();
  broker.program.settle();
  CHECK(is_heard(bea, broker).where("dora has closed with her answer unread, so that her connection is reset"));
  auto late = asker("cleo");
  CHECK(comes_and_is_heard(late, broker));
}

TEST_CASE("after many requests it has no descriptor more than before"
          * id("no-more") * points(2) * needs("several") * needs("all-or-nothing")
          * hint("What is passed is copied by the kernel: no dup(2) is needed, and none has to be closed. What was opened for a request is open still.")) {
  Broker broker;
  auto ann = asker("ann");
  CHECK(comes(ann, broker));
  CHECK(is_given(ann, broker, "a b"));
  broker.program.settle();
  const size_t before = broker.program.descriptors_of_all();
  for (int i = 0; i < 30; ++i) {
    CHECK(is_given(ann, broker, "a b log"));
    ann.take_descriptors();
    CHECK(is_refused(ann, broker, "a b nobodys"));
  }
  CHECK(comes_down_to(broker.program, before).means("passing/copied-for-each"));
}

TEST_CASE("when clients have gone, in whatever way, as many descriptors are open as before"
          * id("clients-closed") * points(2) * needs("gone") * needs("sleeps") * needs("no-more")
          * hint("Each accept(2) needs its close(2), whichever way the client has gone: end-of-file, an answer that nobody takes, half a request.")) {
  Broker broker;
  auto bea = asker("bea");
  CHECK(comes_and_is_heard(bea, broker));
  broker.program.settle();
  const size_t before = broker.program.descriptors_of_all();
  for (int round = 0; round < 3; ++round) {
    std::vector<Client> all;
    for (int i = 0; i < 12; ++i) {
      all.push_back(asker(fmt::format("client {}", 12 * round + i + 1)));
      CHECK(comes_and_is_heard(all.back(), broker));
    }
    broker.program.freeze();
    for (size_t i = 0; i < all.size(); ++i) {
      if (i % 4 == 0) all[i].send("nobodys\n");
      if (i % 4 == 1) all[i].send("half");
      if (i % 4 == 2) all[i].end_writing();
      else all[i].close();
    }
    broker.program.thaw();
  }
  CHECK(is_heard(bea, broker));
  CHECK(comes_down_to(broker.program, before).means("socket/descriptor-left"));
}

TEST_SUITE_END();
