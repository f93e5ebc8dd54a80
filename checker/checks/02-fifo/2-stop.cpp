// Lab 02: the server is told to stop, or hit by another signal.
#include <csignal>
#include <optional>

#include "records.hpp"
#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("told to stop by SIGTERM or SIGINT it ends with 0, and the path is gone"
          * id("stops") * points(4) * needs("prints")
          * hint("The handler must stand before anything waits for a writer. What has a name in the file system stays, unless somebody "
                 "removes it.")) {
  for (const int signal : {SIGTERM, SIGINT}) {
    for (const bool met_a_writer : {false, true}) {
      const Path path(some_name("log"));
      if (met_a_writer) path.make();
      auto server = serve(path);
      CHECK(is_ready(server, path));
      std::optional<Program> writer;
      if (met_a_writer) {
        writer = shell_that_writes(path);
        writer->type("ann: one\n");
        CHECK(prints_texts(server, {"ann: one"}));
      }
      play::let_all_come_to_rest(lab.testbed());
      server.send(signal);
      if (writer) writer->close_input();
      CHECK(ends_as_told(server, signal));
      CHECK(lab.file(path.name()).does_not_exist().means("fifo/path-left"));
    }
  }
}

TEST_CASE("told to stop in the moment before it falls asleep, it ends as well"
          * id("any-moment") * points(2) * needs("stops") * needs("waits")
          * hint("A flag that is looked at before a call that sleeps is looked at too early, sooner or later: ppoll(2), signalfd(2), or "
                 "a handler that does it all.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto zoe = shell_that_writes(path);
  zoe.type("zoe: first\n");
  CHECK(prints_texts(server, {"zoe: first"}));
  std::string call;
  {
    const play::BeforeSleep held(lab.testbed(), server);
    call = held.call();
    server.send(SIGTERM);
  }
  CHECK(play::unless_lost("SIGTERM", call, server.exits_with(0)));
}

TEST_CASE("told to stop with half a record, it does not print it"
          * id("half") * points(1) * needs("stops") * needs("pieces")
          * hint("Half a record waits for its newline, and a server that stops has waited in vain. Whoever reads the log cannot see that "
                 "it is a half.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto zoe = shell_that_writes(path);
  zoe.type("zoe: first\nzoe: ha");
  CHECK(prints_records(server, {"zoe: first"}));
  CHECK(has_nothing_more(server));
  server.send(SIGTERM);
  zoe.close_input();
  CHECK(server.exits());
  CHECK(server.prints_nothing_more());
}

TEST_CASE("another signal ends serve as it ends any program"
          * id("other-signals") * points(1) * needs("prints")
          * hint("SIGTERM and SIGINT alone ask it to stop. The others keep their defaults: who looks at how it ended learns of which "
                 "signal.")) {
  for (const int signal : {SIGHUP, SIGQUIT}) {
    const Path path(some_name("log"));
    auto server = serve(path);
    CHECK(is_ready(server, path));
    auto ann = shell_that_writes(path);  // and stays: who ends with its last writer has not ended by then
    ann.type("ann: one\n");
    CHECK(prints_texts(server, {"ann: one"}));
    server.send(signal);
    CHECK(server.dies_of(signal));
  }
}

TEST_SUITE_END();
