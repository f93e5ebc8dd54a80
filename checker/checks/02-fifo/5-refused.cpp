// Lab 02: what say refuses, a server that has gone, wrong command lines; and the goals beyond the 100 points.
#include <csignal>
#include <sys/syscall.h>

#include "records.hpp"
#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("what is no FIFO is refused by say, and untouched; nothing is made"
          * id("say-refuses") * points(2) * needs("nobody") * needs("wait")
          * hint("open(2) without O_CREAT makes nothing. And a plain file can be opened for writing by anybody: is it a FIFO?")) {
  std::vector<Path> all = no_fifos();
  all.emplace_back(some_name("nothing"));
  for (const Path& path : all)
    for (const char* way : {"say ", "say --wait "}) {
      const Path::State before = path.state();
      auto ann = lab.start(way + path.name() + " ann");
      CHECK(refuses_no_fifo(ann, path, before));
    }
}

TEST_CASE("say asks what it has opened: what has just become a file is refused too"
          * id("say-opened") * points(1) * needs("say-refuses")
          * hint("Between stat(2) and open(2) somebody may put another thing there. fstat(2) of the descriptor asks the one that was "
                 "opened.")) {
  CHECK(refuses_what_it_has_opened("say ", " ann"));
}

TEST_CASE("when the server has gone, the next line ends say with 1, or by SIGPIPE"
          * id("server-gone") * points(2) * needs("said") * needs("wait") * todo(6)
          * hint("write(2) to a FIFO that nobody reads says EPIPE, where SIGPIPE has not ended the program already.")) {
  const auto ignoring = [] { play::ignore_signals({SIGPIPE}); };
  for (const std::string way : {"say ", "say --wait "})
    for (const bool ignored : {false, true}) {
      const Path path(some_name("log"));
      auto server = serve(path);
      CHECK(is_ready(server, path));
      auto ann = lab.start(way + path.name() + " ann", ignored ? play::inheriting(ignoring) : room::Order());
      ann.type("here\n");
      CHECK(prints_texts(server, {"ann: here"}));
      server.send(SIGKILL);
      CHECK(server.is_gone());
      ann.type("there\n");  // and its input stays open
      CHECK(notices_that_nobody_reads(ann).where(ignored ? "SIGPIPE was ignored when it was started" : ""));
    }
}

TEST_CASE("when the server goes just before a line is written, that line ends say"
          * id("goes-meanwhile") * points(1) * needs("server-gone")
          * hint("Whoever looks for a reader first and writes then has looked too early: what write(2) returns is the answer.")) {
  const Path path(some_name("log"));
  play::BeforeCall writes(lab.testbed(), {{SYS_write}, {SYS_writev}});
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start("say " + path.name() + " ann", writes.order(play::inheriting([] { play::ignore_signals({SIGPIPE}); })));
  ann.type("here\n");
  CHECK(prints_texts(server, {"ann: here"}));
  writes.hold([](pid_t, long) { return true; });
  ann.type("there\n");
  static_cast<void>(writes.hold_until([&] { return writes.times_held() > 0; }));
  server.send(SIGKILL);
  CHECK(server.is_gone());
  writes.open();
  CHECK(notices_that_nobody_reads(ann).where("the server was killed when say stood before its write(); SIGPIPE was ignored when it was "
                                             "started"));
}

TEST_CASE("a wrong command line makes nothing, prints nothing and ends with 2"
          * id("command-line") * points(2) * needs("said") * needs("wait")
          * hint("Too few words, one too many, another verb: the words are counted before anything else is done, and a usage line says "
                 "what is right.")) {
  const Path path(some_name("log")), there(some_name("there"));
  auto server = serve(there);
  CHECK(is_ready(server, there));
  auto right = say(there, "ann");
  right.type("here\n");
  CHECK(prints_texts(server, {"ann: here"}));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"serve"}, {"serve", path.name(), "more"}, {"say", there.name()},
           {"say", "--wait", there.name()}, {"say", there.name(), "ann", "more"}, {"listen", path.name()}}) {
    auto wrong = lab.start_words(words);
    CHECK(is_a_wrong_command_line(wrong, path));
  }
}

TEST_CASE("NAME is 1 to 32 bytes, any but a colon and a newline"
          * id("name") * points(1) * needs("command-line")
          * hint("NAME is looked at before anything else is done: its size, and whether a colon or a newline is in it. Nothing else is "
                 "wrong in a name.")) {
  const Path path(some_name("log")), there(some_name("there"));
  auto server = serve(there);
  CHECK(is_ready(server, there));
  auto zoe = shell_that_writes(there);  // and stays, from name to name
  zoe.type("zoe: first\n");
  CHECK(prints_in_turn(server, {"zoe: first"}));
  for (const std::string& name : std::vector<std::string>{std::string(32, 'n'), "n", "ann and ben", "zo\xc3\xab"}) {
    auto right = lab.start({"say", there.name(), name});
    right.type("here\n");
    right.close_input();
    CHECK(right.exits_with(0).where("the name " + quote(name) + " is right"));
    CHECK(prints_in_turn(server, {"here"}));
  }
  for (const std::string& name : std::vector<std::string>{"a:b", "", "a\nb", std::string(33, 'n')}) {
    auto wrong = lab.start({"say", there.name(), name});
    CHECK(is_a_wrong_command_line(wrong, path));
  }
}

TEST_CASE("a second serve on a path that is served ends with 1, and the first goes on"
          * id("one-server") * points(5) * stretch() * needs("said") * needs("refuses")
          * hint("flock(2) works on a FIFO, and goes with the process, however that ends.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto second = serve(path);
  CHECK(second.refuses());
  CHECK(lab.file(path.name()).exists().hints("The second one has taken the path away from the first: whoever is refused removes "
                                             "nothing."));
  auto ann = say(path, "ann");
  ann.type("here\n");
  CHECK(prints_texts(server, {"ann: here"}));
}

TEST_CASE("told to stop, serve prints what is in the FIFO before it ends"
          * id("last-words") * points(5) * stretch() * needs("stops") * needs("said") * needs("pieces")
          * hint("Take the path away first: then nobody comes any more, and what is there can be read to its end without waiting.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto zoe = shell_that_writes(path);
  CHECK(stops_in_read(server, zoe));
  auto ann = say(path, "ann");
  std::vector<std::string> records;
  for (int i = 1; i <= 600; ++i) {  // more than one read() of a small array brings, and less than a FIFO holds
    records.push_back("ann: line " + std::to_string(i) + " of the last words");
    ann.type(records.back().substr(5) + "\n");
  }
  ann.close_input();
  CHECK(ann.exits_with(0));
  server.send(SIGTERM);
  server.thaw();
  CHECK(prints_texts(server, records));
  CHECK(server.exits_with(0));
  CHECK(lab.file(path.name()).does_not_exist());
}

TEST_CASE("told to stop, serve takes the path away before it looks into the FIFO for the last time"
          * id("last-comer") * points(5) * stretch() * needs("last-words")
          * hint("As long as PATH is there, somebody may come. What is found empty before it is taken away may be full after that.")) {
  const Path path(some_name("log"));
  play::BeforeCall removal(lab.testbed(), {{SYS_unlinkat}
#ifdef SYS_unlink
                                           , {SYS_unlink}
#endif
                                          });
  auto server = lab.start("serve " + path.name(), removal.order());
  CHECK(is_ready(server, path));
  written_by_a_shell(path, "zoe: first\n");
  CHECK(prints_texts(server, {"zoe: first"}));
  server.settle();
  removal.hold([](pid_t, long) { return true; });
  server.send(SIGTERM);
  static_cast<void>(removal.hold_until([&] { return removal.times_held() > 0; }));
  auto ann = say(path, "ann");
  ann.type("here\n");
  ann.close_input();
  CHECK(ann.exits_with(0));
  removal.open();
  CHECK(prints_texts(server, {"ann: here"}).where("serve was held before it removed the path, while ann came and went"));
  CHECK(server.exits_with(0));
}

TEST_SUITE_END();
