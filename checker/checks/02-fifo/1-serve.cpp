// Lab 02: the server alone, with writers that are not ours: a shell's `cat >PATH`.
#include <csignal>
#include <optional>

#include "records.hpp"
#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("serve makes the FIFO with mode 0600, or takes the one that is there"
          * id("made") * points(5) * todo(1)
          * hint("mkfifo(3) makes it, and says EEXIST where something is there already: a FIFO too. What it did last shows which call "
                 "said no.")) {
  const Path path(some_name("log")), left(some_name("left"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  CHECK(path.has_mode(0600).hints("The mode is the second argument of mkfifo(3): 0600, read and write for its owner alone. umask(2) "
                                  "takes away from it, and adds nothing."));
  left.make();
  const Path::State before = left.state();
  auto other = serve(left);
  play::let_all_come_to_rest(lab.testbed());  // what is there is a FIFO from the beginning, and tells nothing of how far it has come
  CHECK(is_ready(other, left, true));
  CHECK(left.is_untouched_since(before).means("fifo/exists-already"));
}

TEST_CASE("before the first writer serve sleeps, and uses no clock"
          * id("waits") * points(5) * needs("made") * todo(2)
          * hint("A blocking open(2) of a FIFO sleeps until somebody opens the other side, and so does a read(2) where somebody might "
                 "write.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  CHECK(goes_on_asleep(server, Left::nobody));
}

TEST_CASE("each record that comes is printed at once"
          * id("prints") * points(5) * needs("made") * todo(3)
          * hint("What read(2) gives is bytes. Print up to the last newline among them, at once, and keep the rest.")) {
  const Path path(some_name("log"));
  const std::string word = some_name("word");
  play::Execs execs(lab.testbed(), "fifolog");
  auto server = lab.start("serve " + path.name(), execs.order());
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("ann: " + word + "\n");
  Verdict first = prints_texts(server, {"ann: " + word});
  // An open() for reading would be over: somebody writes. And a read() sleeps only where nothing is left.
  const bool silent = !first.passed() && server.unread().empty() && !server.has_ended();
  const bool opens = silent && server.blocks_in("open").passed();
  const bool has_read = silent && !opens && server.blocks_in("read").passed();
  CHECK(std::move(first).hints("It sleeps in open(2) for writing, and nobody reads, it neither: the end for reading is opened first, "
                               "with O_NONBLOCK.", opens)
            .hints("It has taken the record, and sleeps again without a word: what lies in a buffer (of stdio, of its own) is not "
                   "printed yet.", has_read));
  writer.type("ann: more\n");
  CHECK(prints_texts(server, {"ann: more"}));
  CHECK(execs.are_its_own());
}

TEST_CASE("a read is not a record: pieces are joined, bundles are split"
          * id("pieces") * points(4) * needs("prints")
          * hint("A record ends at its newline, wherever a read(2) ends.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("an");
  CHECK(has_nothing_more(server).means("fifo/read-is-a-record"));
  writer.type("n: hel");
  CHECK(has_nothing_more(server).means("fifo/read-is-a-record"));
  writer.type("lo\nann: x\nan");
  CHECK(prints_records(server, {"ann: hello", "ann: x"}).means("fifo/read-is-a-record"));
  CHECK(has_nothing_more(server).means("fifo/read-is-a-record"));
  writer.type("n: y\n");
  CHECK(prints_records(server, {"ann: y"}).means("fifo/read-is-a-record"));
}

TEST_CASE("N counts the records from 1 over all writers, and nothing else is printed"
          * id("number") * points(3) * needs("pieces")
          * hint("A line is N, a space, the record. N is 1 for the first record, and one more for each that is whole, whoever has sent "
                 "it.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  const std::string before = server.printed();
  CHECK(Verdict::yes_if(before.empty(), "serve prints nothing before a record comes", "it has printed " + quote(before))
            .hints("Standard output is for records alone. serve has no message of being ready: PATH is there, and it sleeps."));
  auto zoe = shell_that_writes(path);
  zoe.type("zoe: one\n");
  CHECK(server.prints_next("1 zoe: one\n"));
  auto ann = shell_that_writes(path);
  ann.type("ann: ha");
  CHECK(has_nothing_more(server));
  ann.type("lf\n");
  CHECK(server.prints_next("2 ann: half\n"));
  zoe.type("zoe: two\nzoe: three\n");
  CHECK(server.prints_next("3 zoe: two\n4 zoe: three\n"));
}

TEST_CASE("a foreign writer's line is printed as it is: without a colon, without a byte"
          * id("foreign") * points(2) * needs("pieces")
          * hint("What stands before a newline is not looked at. It is printed behind its number, also where it names nobody and says "
                 "nothing.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("zoe: first\n");
  CHECK(prints_records(server, {"zoe: first"}));
  writer.type("hello\n\nben: last\n");
  CHECK(prints_records(server, {"hello", "", "ben: last"}));
}

TEST_CASE("a foreign writer's line is of any size"
          * id("any-size") * points(2) * needs("pieces")
          * hint("An array has an end, and what a foreign writer sends before its newline has none: PIPE_BUF is a limit for say alone.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto writer = shell_that_writes(path);
  writer.type("zoe: first\n");
  CHECK(prints_records(server, {"zoe: first"}));
  const std::string half = "zoe: " + std::string(5000, 'x'), rest(100, 'y'), large = "zoe: " + std::string(100000, 'z');
  writer.type(half);
  CHECK(has_nothing_more(server));
  writer.type(rest + "\nzoe: between\n");
  CHECK(prints_records(server, {half + rest, "zoe: between"}));
  writer.type(large + "\nzoe: last\n");
  CHECK(prints_records(server, {large, "zoe: last"}));
}

TEST_CASE("it outlives its last writer, asleep, also one that has written nothing"
          * id("outlives") * points(7) * needs("prints") * needs("waits")
          * hint("read(2) gives 0 when the last writer has closed the FIFO, and again 0 each time after. Who could be a writer that "
                 "never leaves?")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  written_by_a_shell(path, "ann: one\n");
  CHECK(prints_texts(server, {"ann: one"}));
  CHECK(goes_on_asleep(server, Left::a_writer));
  written_by_a_shell(path, "");
  CHECK(goes_on_asleep(server, Left::a_writer));
  written_by_a_shell(path, "ann: two\n");
  CHECK(prints_texts(server, {"ann: two"}));
  CHECK(goes_on_asleep(server, Left::a_writer));
}

TEST_CASE("what is no FIFO is refused by serve, and untouched"
          * id("refuses") * points(3) * needs("made")
          * hint("What else can stand at PATH? fstat(2) of what was opened says what it is (inode(7)).")) {
  for (const Path& path : no_fifos()) {
    const Path::State before = path.state();
    auto server = serve(path);
    CHECK(refuses_no_fifo(server, path, before));
  }
}

TEST_CASE("serve asks what it has opened: what has just become a file is refused too"
          * id("opened") * points(1) * needs("refuses")
          * hint("Between stat(2) and open(2) somebody may put another thing there. fstat(2) of the descriptor asks the one that was "
                 "opened.")) {
  CHECK(refuses_what_it_has_opened("serve "));
}

TEST_SUITE_END();
