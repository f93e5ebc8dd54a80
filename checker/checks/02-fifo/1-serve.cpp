// Lab 02: the server alone, with writers that are not ours: a shell's `cat >PATH`.
#include <csignal>
#include <optional>

#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("serve makes the FIFO with mode 0600, or takes the one that is there"
          * id("made") * points(6) * todo(1)
          * hint("mkfifo(3) makes it, and says EEXIST where something is there already: a FIFO too, which is no reason to give up.")) {
  const Path path(some_name("log")), left(some_name("left"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  CHECK(path.has_mode(0600));
  left.make();
  const std::string before = left.state();
  auto other = serve(left);
  play::let_all_come_to_rest(lab.testbed());  // what is there is a FIFO from the beginning, and tells nothing of how far it has come
  CHECK(is_ready(other, left).means("fifo/exists-already"));
  CHECK(left.is_untouched_since(before).means("fifo/exists-already"));
}

TEST_CASE("before the first writer serve sleeps, and uses no clock"
          * id("waits") * points(6) * needs("made") * todo(2)
          * hint("A blocking open(2) of a FIFO sleeps until somebody opens the other side, and so does a read(2) where somebody might write.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  CHECK(goes_on_asleep(server));
}

TEST_CASE("each record that comes is printed at once, with its number"
          * id("prints") * points(6) * needs("made") * todo(3)
          * hint("What read(2) gives is bytes. Print up to the last newline among them, at once, and keep the rest.")) {
  const Path path(some_name("log"));
  const std::string word = some_name("word");
  play::Execs execs(lab.testbed(), "fifolog");
  auto server = lab.start("serve " + path.name(), execs.order());
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("ann: " + word + "\n");
  CHECK(server.prints_next("1 ann: " + word + "\n"));
  writer.type("ann: more\n");
  CHECK(server.prints_next("2 ann: more\n"));
  CHECK(execs.are_its_own());
}

TEST_CASE("a read is not a record: pieces are joined, bundles are split"
          * id("pieces") * points(5) * needs("prints") * needs("waits")
          * hint("A record ends at its newline, wherever a read(2) ends.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("an");
  CHECK(server.prints_nothing_more().means("fifo/read-is-a-record"));
  writer.type("n: hel");
  CHECK(server.prints_nothing_more().means("fifo/read-is-a-record"));
  writer.type("lo\nann: x\nan");
  CHECK(server.prints_next("1 ann: hello\n2 ann: x\n").means("fifo/read-is-a-record"));
  CHECK(server.prints_nothing_more().means("fifo/read-is-a-record"));
  writer.type("n: y\n");
  CHECK(server.prints_next("3 ann: y\n").means("fifo/read-is-a-record"));
}

TEST_CASE("it outlives its last writer, asleep, also one that has written nothing"
          * id("outlives") * points(8) * needs("prints") * needs("waits")
          * hint("read(2) gives 0 when the last writer has closed the FIFO, and again 0 each time after. Who could be a writer that never leaves?")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  written_by_a_shell(path, "ann: one\n");
  CHECK(server.prints_next("1 ann: one\n"));
  CHECK(goes_on_asleep(server));
  written_by_a_shell(path, "");
  CHECK(goes_on_asleep(server));
  written_by_a_shell(path, "ann: two\n");
  CHECK(server.prints_next("2 ann: two\n"));
  CHECK(goes_on_asleep(server));
}

TEST_CASE("what is no FIFO is refused by serve, and untouched"
          * id("refuses") * points(3) * needs("made")
          * hint("What else can stand at PATH? fstat(2) of what was opened says what it is (inode(7)).")) {
  for (const Path& path : no_fifos()) {
    const std::string before = path.state();
    auto server = serve(path);
    CHECK(server.refuses().is_explained_by("fifo/no-fifo"));
    CHECK(path.is_untouched_since(before).means("fifo/no-fifo"));
  }
}

TEST_CASE("told to stop by SIGTERM or SIGINT it ends with 0, and the path is gone"
          * id("stops") * points(5) * needs("prints")
          * hint("The handler must stand before anything waits for a writer. What has a name in the file system stays, unless somebody removes it.")) {
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
        CHECK(server.prints_next("1 ann: one\n"));
      }
      play::let_all_come_to_rest(lab.testbed());
      server.send(signal);
      if (writer) writer->close_input();
      Verdict ends = server.exits_with(0);
      const bool by_it = ends.ended_by_a_signal();
      CHECK(std::move(ends).is_explained_by("fifo/not-told-to-stop", by_it));
      CHECK(lab.file(path.name()).does_not_exist().means("fifo/path-left"));
    }
  }
}

TEST_SUITE_END();
