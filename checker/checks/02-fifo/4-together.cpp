// Lab 02: many writers, a full FIFO, and what goes away in between.
#include <climits>
#include <csignal>
#include <cstdlib>
#include <sys/syscall.h>

#include "calls.hpp"
#include "records.hpp"
#include "words.hpp"

using namespace fifo;

TEST_SUITE_BEGIN("02-fifo");

TEST_CASE("there is never a moment without a reader"
          * id("never-away") * points(4) * needs("said") * needs("outlives")
          * hint("Between close() and the next open() nobody reads. And an open(2) that waits for a writer does not see what is there "
                 "already.")) {
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
  CHECK(prints_texts(server, {"zoe: first"}));  // its first open is behind it
  for (int round = 0; round < 2; ++round) {
    opens.hold([it](pid_t who, long) { return who == it; });
    zoe.close_input();
    std::vector<std::string> texts;
    for (const char* name : {"ann", "ben"}) {  // what the first one leaves behind is what the second one meets
      auto one = say(path, name);
      texts.push_back(some_name(name));
      one.type(texts.back() + "\n");
      one.close_input();
      CHECK(ends_well(one).where("serve is held at each open() while two writers come and go"));
    }
    opens.open();
    CHECK(prints_in_turn(server, texts).is_explained_by("fifo/lies-until-the-next", server.blocks_in("open").passed()));
  }
}

TEST_CASE("each line is sent by one write"
          * id("one-write") * points(4) * needs("said")
          * hint("Only within one write(2), and up to PIPE_BUF bytes, does nobody else's come in between (pipe(7)).")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start_below_strace("say " + path.name() + " ann", writing());
  constexpr int lines = 10;
  for (int i = 1; i <= lines; ++i) {
    ann.type("line " + std::to_string(i) + "\n");
    CHECK(prints_texts(server, {"ann: line " + std::to_string(i)}));
  }
  const std::vector<std::string> calls = calls_on(path, ann);  // of the lines: its input has not ended
  ann.close_input();
  CHECK(ann.exits_with(0));
  Evidence e;
  e.expected = std::to_string(lines) + " lines go into the FIFO by " + std::to_string(lines) + " calls";
  e.actual = "there were " + std::to_string(calls.size());
  for (size_t i = 0; i < calls.size() && i < 4; ++i) e.lines.push_back(calls[i]);
  CHECK((calls.size() == lines ? Verdict::yes() : Verdict::no(std::move(e)).means("fifo/record-in-pieces", calls.size() > lines)));
}

TEST_CASE("no call brings more than PIPE_BUF bytes, however many lines lie there"
          * id("bundles") * points(2) * needs("one-write")
          * hint("Whole records may share a call, up to PIPE_BUF bytes together: of a larger write(2) the kernel puts in what there is "
                 "room for, and the rest later.")) {
  const Path path(some_name("log"));
  auto server = serve(path);
  CHECK(is_ready(server, path));
  auto ann = lab.start_below_strace("say " + path.name() + " ann", writing());
  std::string input;
  for (int i = 1; i <= 400; ++i) input += "line " + std::to_string(i) + " of four hundred lines\n";
  ann.type(input);
  ann.close_input();
  CHECK(ann.exits_with(0));
  for (const std::string& call : calls_on(path, ann)) {
    const long bytes = std::strtol(call.c_str() + call.rfind(" = ") + 3, nullptr, 10);
    const std::string most = "each call brings at most " + std::to_string(PIPE_BUF) + " bytes";
    CHECK(Verdict::yes_if(bytes <= PIPE_BUF, most, "one brings " + std::to_string(bytes), {call})
              .hints("Several whole records may share one call, and only up to PIPE_BUF bytes together: that is what the kernel keeps "
                     "whole."));
  }
}

TEST_CASE("a full FIFO is waited for, asleep, and nothing is lost"
          * id("full") * points(5) * needs("bytes")
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
          * id("eight") * points(5) * needs("bundles") * needs("full") * needs("limit")
          * hint("serve was stopped for a while, so that the FIFO was full and all eight waited: what goes in by more than one write(2) "
                 "has another's in between. And what came in whole, was it read and printed whole?")) {
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

TEST_SUITE_END();
