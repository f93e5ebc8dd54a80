// Lab 11, beyond the 100 points: back pressure, no descriptor left, and the last answers.
#include <fmt/format.h>
#include <sys/resource.h>

#include "words.hpp"

using namespace echod;

namespace {

// From now on it can open no more than so many descriptors beside those that it has.
void leave_descriptors(const Program& program, size_t count) {
  lab.note(fmt::format("lets it have {} descriptors more (RLIMIT_NOFILE)", count));
  const rlim_t most = program.descriptors() + count;
  const rlimit limit{most, most};
  must(prlimit(program.pid(), RLIMIT_NOFILE, &limit, nullptr), "prlimit");
}

}  // namespace

TEST_SUITE_BEGIN("11-sockets");

TEST_CASE("a client that sends and does not read is not read from either, and nothing is lost when it reads again"
          * id("back-pressure") * points(5) * stretch() * needs("nobody-waits")
          * hint("While so much is owed to it, do not ask for POLLIN. And when it has been sent, look at what had come before, too: nobody will tell you of that again.")) {
  Server server;
  auto ann = client("ann"), bea = client("bea");
  CHECK(comes_and_is_served(ann, server));
  const std::string bytes = some_bytes(64000);
  const Exchange asked = echoes(160, bytes);
  ann.read_only(0);
  ann.send(asked.requests);
  play::let_all_come_to_rest(lab.testbed());
  const size_t taken = asked.requests.size() - ann.unsent();
  CHECK(Verdict::yes_if(taken <= size_t{8} << 20, "it takes at most 8 MiB from a client that does not read", fmt::format("it has taken {} bytes", taken)).means("socket/no-back-pressure"));
  CHECK(comes_and_is_served(bea, server));
  ann.read_again();
  CHECK(gets(ann, server, asked.answers));
  // A stall shows only where the last piece meets the bound: so the whole is of many sizes.
  const std::string small = request('e', "hello, world");
  for (size_t size = 200000; size < 700000; size += 40000 + lab.dice()() % 10000) {
    const size_t count = size / small.size();
    const Exchange much = echoes(count, "hello, world");
    auto one = client(fmt::format("one who sends {} requests", count));
    CHECK(comes_and_is_served(one, server));
    one.read_only(0);
    one.send(much.requests);
    play::let_all_come_to_rest(lab.testbed());
    one.read_again();
    Verdict all = gets(one, server, much.answers);
    const bool stalls = !all.passed() && !server.program.has_ended() && !one.is_over();
    CHECK(std::move(all).is_explained_by("socket/stalls-behind-the-bound", stalls));
    one.close();
  }
}

TEST_CASE("with no descriptor left it serves those it has, sleeps, and takes new ones when some are free again"
          * id("no-descriptor") * points(5) * stretch() * needs("descriptors") * needs("tasks") * needs("sleeps")
          * hint("accept(2) says EMFILE, and the client waits on: the listener stays readable. Do not ask it again before a descriptor has been closed.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  leave_descriptors(server.program, 2);
  auto bea = client("bea"), cleo = client("cleo");
  CHECK(comes_and_is_served(bea, server));
  static_cast<void>(comes_and_is_served(cleo, server).passed());  // a spare descriptor may have its place
  auto dora = client("dora"), eve = client("eve");
  CHECK(dora.reaches(server.door()));
  CHECK(eve.reaches(server.door()));
  Verdict quiet = rests(server);
  const bool spins = !quiet.passed() && !server.program.has_ended();
  CHECK(std::move(quiet).is_caused_by("socket/no-descriptor-left", spins).where(spins ? "no descriptor is left, and two clients wait to be accepted" : ""));
  CHECK(is_served(ann, server));
  CHECK(is_served(bea, server));
  for (Client* one : {&bea, &cleo, &dora, &eve}) one->close();
  CHECK(is_served(ann, server));
  auto late = client("a late one");
  CHECK(comes_and_is_served(late, server));
}

TEST_CASE("at SIGTERM requests that have come whole are answered, and nobody holds it up for long"
          * id("drain") * points(5) * stretch() * needs("sigterm") * needs("continued") * needs("tasks") * needs("many") * needs("nobody-waits")
          * hint("Take nothing new: shutdown(2) with SHUT_RD lets what has come be read, and then end-of-file. Send what is owed, and give it a second.")) {
  Server server;
  auto ann = client("ann"), idle = client("an idle one"), half = client("one with half a frame"), lazy = client("one who does not read");
  for (Client* one : {&ann, &idle, &half, &lazy}) CHECK(comes_and_is_served(*one, server));
  half.send(request('e', "hello").substr(0, 6));
  lazy.read_only(0);
  Exchange asked;
  for (int i = 0; i < 8; ++i) asked.echo(some_bytes(65000));
  lazy.send(asked.requests);
  play::let_all_come_to_rest(lab.testbed());
  server.program.freeze();
  const std::string text = lab.word(8);
  ann.send(request('e', text) + request('c', text) + request('r', text));
  server.program.send(SIGTERM);
  server.program.thaw();
  const std::string wanted = answer(text) + answer("8") + answer({text.rbegin(), text.rend()});
  // It may have ended by the time that this looks: that is no failure here.
  Verdict last = ann.receives(wanted);
  CHECK(std::move(last).is_explained_by("socket/not-drained"));
  lab.testbed().set_budget({.cpu = 2, .wall = 2.5});
  CHECK(server.program.exits_with(0).is_explained_by("socket/drains-for-ever", !server.program.has_ended()));
  CHECK(has_no_name(server.door()));
}

TEST_SUITE_END();
