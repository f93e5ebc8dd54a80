// Lab 11: how it rests, how it is told to stop, and how it is started again.
#include <fmt/format.h>

#include "words.hpp"

using namespace echod;

TEST_SUITE_BEGIN("11-sockets");

TEST_CASE("with nothing to do it sleeps, and looks at nothing by the clock"
          * id("sleeps") * points(3) * needs("operations") * needs("nobody-stops") * needs("half-close")
          * hint("Ask only for what you want to hear of: poll(2) returns at once for a socket that could be written, and for one that is ready and is not read.")) {
  Server server = on_both_doors();
  auto idle = client("an idle one"), half = client("one with half a frame");
  CHECK(comes_and_is_served(idle, server));
  CHECK(rests(server));
  CHECK(comes_and_is_served(half, server));
  half.send(request('e', "hello").substr(0, 6));
  CHECK(hears_nothing(half, server));
  CHECK(rests(server));
  auto gone = client("one who has gone");
  CHECK(comes_and_is_served(gone, server));
  gone.close();
  CHECK(rests(server));
  CHECK(is_served(idle, server));
}

TEST_CASE("also while a client has ended its half and does not read what it is owed"
          * id("sleeps-owing") * points(2) * needs("sleeps") * needs("owed") * needs("nobody-waits")
          * hint("End-of-file stays readable for ever. Whose end has come is asked for POLLOUT alone, and only while something is owed.")) {
  Server server;
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  ann.read_only(0);
  Exchange asked;
  for (int i = 0; i < 5; ++i) asked.echo(some_bytes(65000));
  ann.send(asked.requests);
  ann.end_writing();
  play::let_all_come_to_rest(lab.testbed());
  CHECK(rests(server));
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, server));
}

TEST_CASE("SIGTERM ends it with 0, whoever is connected, and its sockets' names are removed"
          * id("sigterm") * points(3) * needs("each") * needs("nobody-stops") * todo(1)
          * hint("The signal is given, as a descriptor in the set. Is it looked at in each round? By then unlink(2) has removed what bind(2) has made.")) {
  Server server({Address("unix:door"), Address("unix:other"), free_door()});
  auto ann = client("ann"), bea = client("bea");
  CHECK(lives(server));
  CHECK(has_socket(server.door()));
  CHECK(ann.reaches(server.door()));
  CHECK(bea.reaches(server.doors[1]));
  bea.send(request('e', "hello").substr(0, 6));
  server.program.settle();
  CHECK(stops(server, SIGTERM));
  CHECK(has_no_name(server.door()));
  CHECK(has_no_name(server.doors[1]));
}

TEST_CASE("so does SIGINT"
          * id("sigint") * points(1) * needs("sigterm")
          * hint("Ctrl-C is a way to be told to stop, too.")) {
  Server server;
  auto ann = client("ann");
  CHECK(lives(server));
  CHECK(ann.reaches(server.door()));
  CHECK(stops(server, SIGINT));
  CHECK(has_no_name(server.door()));
}

TEST_CASE("also where the signal was blocked, or ignored, by whoever started it"
          * id("inherited") * points(1) * needs("sigterm") * needs("sigint")
          * hint("A mask goes through exec, and so does an ignored signal. Set what you need; do not rely on what is there.")) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Server server({Address("unix:door")}, play::inheriting([signal] {
                    play::block_signals({signal});
                    play::ignore_signals({SIGINT});
                  }));
    auto ann = client("ann");
    CHECK(lives(server));
    CHECK(ann.reaches(server.door()));
    Verdict ends = stops(server, signal);
    CHECK(std::move(ends).is_explained_by("signal/inherited"));
  }
}

TEST_CASE("a TCP port can be taken again at once when the server has ended"
          * id("again") * points(2) * needs("tcp") * needs("echo") * needs("sigterm")
          * hint("The server has closed first, so its side of the connection stays in TIME_WAIT for a minute: ss -tan shows it. SO_REUSEADDR, set before bind(2), is for that (socket(7)).")) {
  Server server({free_door()});
  auto ann = client("ann");
  CHECK(comes_and_is_served(ann, server));
  CHECK(stops(server, SIGTERM));
  CHECK(ann.meets_end_of_file());
  ann.close();
  Server next({server.door()});
  Verdict starts = lives(next);
  const bool refused = starts.ended_with(1);
  CHECK(std::move(starts).is_explained_by("socket/time-wait", refused));
  auto bea = client("bea");
  CHECK(comes_and_is_served(bea, next));
}

TEST_SUITE_END();
