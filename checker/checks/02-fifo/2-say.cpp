// Lab 02: writers, alone and with the server.
#include <climits>
#include <csignal>
#include <sys/syscall.h>

#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("where nobody reads, say ends with 1 at once, before it has read anything"
          * id("nobody") * points(5) * todo(4)
          * hint("open(2) for writing sleeps until there is a reader. With O_NONBLOCK it does not, and errno says what is missing.")) {
  const Path path(some_name("log"));
  path.make();
  auto alone = say(path, "ann");  // its input stays open
  Verdict ends = alone.refuses();
  const bool asleep = ends.failed_by(Evidence::Kind::stuck), reads = ends.failed_by(Evidence::Kind::waits_for_check);
  CHECK(std::move(ends).is_explained_by("fifo/waits-unasked", asleep).is_explained_by("fifo/no-reader-not-noticed", reads));
}

TEST_CASE("say --wait sleeps until there is a reader, and goes on"
          * id("wait") * points(5) * needs("nobody") * needs("made") * needs("prints")
          * hint("A blocking open(2) is such a sleep. Nobody needs to ask again and again.")) {
  const Path path(some_name("log"));
  path.make();
  auto patient = lab.start("say --wait " + path.name() + " ann");
  CHECK(patient.sleeps().means("fifo/asks-for-a-reader"));
  patient.type("here\n");
  patient.close_input();
  auto server = serve(path);
  CHECK(patient.exits_with(0));
  CHECK(server.prints_next("1 ann: here\n"));
}

TEST_CASE("what is said is printed, at once, with number and name"
          * id("said") * points(8) * needs("prints") * needs("nobody") * todo(5)
          * hint("A record is NAME, a colon, a space, the line, a newline: written when the line has come, not later.")) {
  const Path path(some_name("log"));
  const std::string a = some_name("ann"), b = some_name("ben"), word = some_name("word");
  play::Execs execs(lab.testbed(), "fifolog");
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start("say " + path.name() + " " + a, execs.order());
  auto ben = say(path, b);
  ann.type("hello\n");
  CHECK(server.prints_next("1 " + a + ": hello\n"));
  ben.type(word + "\n");
  CHECK(server.prints_next("2 " + b + ": " + word + "\n"));
  ann.type("again\n");
  CHECK(server.prints_next("3 " + a + ": again\n"));
  CHECK(execs.are_its_own());
  for (Program* one : {&ann, &ben}) {
    one->close_input();
    CHECK(one->exits_with(0));
  }
}

TEST_CASE("a line is any bytes, also none, also a last one without its newline"
          * id("bytes") * points(4) * needs("said") * needs("pieces")
          * hint("A NUL is a byte like any other. And the input may end in the middle of a line.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, "ann");
  const std::string bytes("\r\x1b[31m\0\xff x: y", 14);
  ann.type("\n" + bytes + "\n  spaces  \nlast");
  ann.close_input();
  CHECK(ann.exits_with(0));
  CHECK(server.prints_next("1 ann: \n2 ann: " + bytes + "\n3 ann:   spaces  \n4 ann: last\n"));
}

TEST_CASE("there is never a moment without a reader"
          * id("never-away") * points(5) * needs("said") * needs("outlives")
          * hint("Between close() and the next open() nobody reads. And an open(2) that waits for a writer does not see what is there already.")) {
  const Path path(some_name("log"));
  play::BeforeCall opens(lab.testbed(), {{SYS_openat}
#ifdef SYS_open
                                         , {SYS_open}
#endif
                                        });
  auto server = lab.start("serve " + path.name(), opens.order());
  CHECK(is_ready(server, path));
  const pid_t it = server.pid();
  auto zoe = shell_that_writes(path);
  zoe.type("zoe: first\n");
  CHECK(server.prints_next("1 zoe: first\n"));  // its first open is behind it
  for (int round = 0, number = 1; round < 2; ++round) {
    opens.hold([it](pid_t who, long) { return who == it; });
    zoe.close_input();
    std::string printed;
    for (const char* name : {"ann", "ben"}) {  // what the first one leaves behind is what the second one meets
      auto one = say(path, name);
      one.type("here\n");
      one.close_input();
      CHECK(ends_well(one).where("serve is held at each open() while two writers come and go"));
      printed += std::to_string(++number) + " " + name + ": here\n";
    }
    opens.open();
    CHECK(server.prints_next(printed).is_explained_by("fifo/lies-until-the-next", server.blocks_in("open").passed()));
  }
}

TEST_CASE("each line is sent by one write"
          * id("one-write") * points(5) * needs("said")
          * hint("Only within one write(2), and up to PIPE_BUF bytes, does nobody else's come in between (pipe(7)).")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start_below_strace("say " + path.name() + " ann", {"-y", "-e", "trace=write,writev,pwrite64,pwritev,pwritev2,splice,sendfile,vmsplice", "-e", "signal=none"});
  constexpr int lines = 10;
  for (int i = 1; i <= lines; ++i) {
    ann.type("line " + std::to_string(i) + "\n");
    CHECK(server.prints_next(std::to_string(i) + " ann: line " + std::to_string(i) + "\n"));
  }
  ann.close_input();
  CHECK(ann.exits_with(0));
  std::vector<std::string> calls;
  for (const std::string& line : split(ann.report().text(), '\n'))
    if (line.find("/" + path.name() + ">") != std::string::npos) calls.push_back(line);
  Evidence e;
  e.expected = std::to_string(lines) + " lines go into the FIFO by " + std::to_string(lines) + " calls";
  e.actual = "there were " + std::to_string(calls.size());
  for (size_t i = 0; i < calls.size() && i < 4; ++i) e.lines.push_back(calls[i]);
  CHECK((calls.size() == lines ? Verdict::yes() : Verdict::no(std::move(e)).means("fifo/record-in-pieces", calls.size() > lines)));
}

TEST_CASE("a full FIFO is waited for, asleep, and nothing is lost"
          * id("full") * points(5) * needs("said") * needs("pieces")
          * hint("O_NONBLOCK stays with what was opened: a full FIFO then is EAGAIN. fcntl(2), F_SETFL, takes it away.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto zoe = shell_that_writes(path);
  CHECK(stops_in_read(server, zoe));
  Sender one{"ann", {}};
  std::string input;
  for (int i = 0; i < 3000; ++i) {
    one.texts.push_back("line " + std::to_string(i) + " of three thousand");
    input += one.texts.back() + "\n";
  }
  auto ann = say(path, "ann");
  ann.type(input);
  ann.close_input();
  CHECK(ann.stays_alive().is_explained_by("fifo/stays-nonblocking"));
  CHECK(ann.sleeps().means("fifo/stays-nonblocking"));
  server.thaw();
  CHECK(ann.exits_with(0));
  CHECK(all_are_there(server, {{"zoe", {"first"}}, one}));
}

TEST_CASE("eight writers at once tear nothing and lose nothing"
          * id("eight") * points(8) * needs("said") * needs("pieces") * needs("one-write") * needs("full")
          * hint("serve was stopped for a while, so that the FIFO was full and all eight waited: what goes in by more than one write(2) has another's in between. And what came in whole, was it read and printed whole?")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto zoe = shell_that_writes(path);
  CHECK(stops_in_read(server, zoe));
  std::vector<Sender> senders{{"zoe", {"first"}}};
  std::vector<Program> writers;
  for (int w = 0; w < 8; ++w) {
    Sender one{"w" + std::to_string(w), {}};
    std::string input;
    const std::string frame = one.name + ": \n";
    for (int i = 0; i < 25; ++i) {
      const size_t size = i % 3 == 0 ? PIPE_BUF - 1 : i % 3 == 1 ? 2049 : 100 + lab.dice()() % 3000;
      one.texts.push_back(std::to_string(i) + std::string(size - frame.size() - std::to_string(i).size(), static_cast<char>('a' + w)));
      input += one.texts.back() + "\n";
    }
    writers.push_back(say(path, one.name));
    writers.back().type(input);
    writers.back().close_input();
    senders.push_back(std::move(one));
  }
  play::let_all_come_to_rest(lab.testbed());  // the FIFO is full, and who has more sleeps
  server.thaw();
  for (Program& writer : writers) CHECK(writer.exits_with(0));
  CHECK(all_are_there(server, senders));
}

TEST_CASE("a line whose record is longer than PIPE_BUF is left out whole, and the others pass"
          * id("limit") * points(5) * needs("said") * needs("pieces")
          * hint("The record is what counts: NAME, colon, space, line and newline. PIPE_BUF is in <climits>, 4096 here.")) {
  const Path path(some_name("log"));
  const std::string name = some_name("ann"), frame = name + ": \n";
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, name);
  const std::string whole(PIPE_BUF - frame.size(), 'x');
  ann.type("one\n" + whole + "\n" + whole + "y\nfour\n" + std::string(100000, 'z') + "\nsix\n");
  ann.close_input();
  static_cast<void>(ann.exits().passed());
  const std::string next = "1 " + name + ": one\n2 " + name + ": " + whole + "\n3 " + name + ": four\n4 " + name + ": six\n";
  const std::string cut = whole.substr(1), too_long = whole + "y";
  Verdict verdict = server.prints_next(next);
  const std::string printed = server.printed();
  const bool too_much = printed.find(too_long) != std::string::npos, too_little = printed.find(whole) == std::string::npos;
  const bool in_part = printed.find("zzz") != std::string::npos && !too_much;
  CHECK(std::move(verdict).is_explained_by("fifo/longer-than-is-atomic", too_much).is_explained_by("fifo/line-cut", in_part)
            .is_explained_by("fifo/limit-too-low", too_little && !too_much && !in_part));
  CHECK(server.prints_nothing_more());
}

TEST_CASE("a line that was left out is told with its number, and say ends with 1"
          * id("left-out") * points(4) * needs("limit")
          * hint("Whoever reads the log must be able to know that it is not whole: standard error, and the exit status.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = say(path, "ann");
  const std::string long_one(PIPE_BUF, 'x');
  ann.type("one\n" + long_one + "\nthree\n\n" + long_one + "\nsix\n");
  ann.close_input();
  CHECK(ann.exits_with(1).means("fifo/left-out-in-silence"));
  CHECK(ann.names_lines({2, 5}, "was left out").means("fifo/left-out-in-silence"));
}

TEST_CASE("what is no FIFO is refused by say, and untouched; nothing is made"
          * id("say-refuses") * points(3) * needs("nobody")
          * hint("open(2) without O_CREAT makes nothing. And a plain file can be opened for writing by anybody: is it a FIFO?")) {
  std::vector<Path> all = no_fifos();
  all.emplace_back(some_name("nothing"));
  for (const Path& path : all)
    for (const char* way : {"say ", "say --wait "}) {
      const std::string before = path.state();
      auto ann = lab.start(way + path.name() + " ann");
      CHECK(ann.refuses().is_explained_by("fifo/no-fifo"));
      CHECK(path.is_untouched_since(before).means("fifo/no-fifo"));
    }
}

TEST_CASE("when the server has gone, the next line ends say with 1, or by SIGPIPE"
          * id("server-gone") * points(2) * needs("said") * todo(6)
          * hint("write(2) to a FIFO that nobody reads says EPIPE, where SIGPIPE has not ended the program already.")) {
  for (const bool ignored : {false, true}) {
    const Path path(some_name("log"));
    auto server = serve(path);
    CHECK(is_ready(server, path));
    auto ann = lab.start("say " + path.name() + " ann", ignored ? play::inheriting([] { play::ignore_signals({SIGPIPE}); }) : room::Order());
    ann.type("here\n");
    CHECK(server.prints_next("1 ann: here\n"));
    server.send(SIGKILL);
    CHECK(server.is_gone());
    ann.type("there\n");
    ann.close_input();
    CHECK(notices_that_nobody_reads(ann).where(ignored ? "SIGPIPE was ignored when it was started" : ""));
  }
}

TEST_CASE("a wrong command line makes nothing, prints nothing and ends with 2"
          * id("command-line") * points(2) * needs("made") * needs("nobody")
          * hint("NAME has 1 to 32 bytes, without a colon and a newline. It is looked at before anything else is done.")) {
  const Path path(some_name("log")), there(some_name("there"));
  there.make();
  const std::string long_name(33, 'n');
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"serve"}, {"serve", path.name(), "more"}, {"say", there.name()}, {"say", "--wait", there.name()}, {"say", there.name(), "a:b"},
           {"say", there.name(), ""}, {"say", there.name(), "a\nb"}, {"say", there.name(), long_name}, {"say", there.name(), "ann", "more"}, {"listen", path.name()}}) {
    auto wrong = lab.start_words(words);
    CHECK(wrong.exits_with(2));
    CHECK(wrong.prints_nothing_more());
    CHECK(lab.file(path.name()).does_not_exist());
  }
  auto longest = say(there, std::string(32, 'n'));
  CHECK(longest.exits_with(1));  // right, and nobody reads
}

TEST_CASE("a second serve on a path that is served ends with 1, and the first goes on"
          * id("one-server") * points(5) * stretch() * needs("said")
          * hint("flock(2) works on a FIFO, and goes with the process, however that ends.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto second = serve(path);
  CHECK(second.refuses());
  auto ann = say(path, "ann");
  ann.type("here\n");
  CHECK(server.prints_next("1 ann: here\n"));
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
  ann.type("one\ntwo\n");
  ann.close_input();
  CHECK(ann.exits_with(0));
  server.send(SIGTERM);
  server.thaw();
  CHECK(server.prints_next("2 ann: one\n3 ann: two\n"));
  CHECK(server.exits_with(0));
  CHECK(lab.file(path.name()).does_not_exist());
}

TEST_SUITE_END();
