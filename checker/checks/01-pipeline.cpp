// Lab 01: what a pipeline must live through. The words are explained in check.hpp.
#include "check.hpp"

TEST_SUITE_BEGIN("01-pipeline");

TEST_CASE("one command runs, and its status comes back"
          * id("one-stage") * points(10)
          * hint("Begin with TODO 1 and 2 in labs/01-pipeline/pipeline.cpp: start one command, with TODO 4, and wait for it (TODO 3).")) {
  auto pipeline = lab.start({"sh", "-c", "echo \"$0 $1\"; exit 7", "a  b", "*"});
  CHECK(pipeline.prints_only("a  b *\n"));
  CHECK(pipeline.exits_with(7));
}

TEST_CASE("what the first command prints, the second reads"
          * id("flows") * points(10)
          * hint("pipe(2) gives two descriptors. dup2(2) puts one at 1 in the first child, the other at 0 in the second.")) {
  // sed -u prints each line at once: that it also meets end-of-file is another check's affair.
  auto pipeline = lab.start("echo hello : sed -u s/hello/goodbye/");
  CHECK(pipeline.prints("goodbye\n"));
}

TEST_CASE("the reader meets end-of-file, and every process ends"
          * id("end-of-file") * points(15) * needs("flows")
          * hint("read() returns 0 only after every copy of the write end is closed. Who still holds one?")) {
  auto shout = lab.start("tr a-z A-Z : cat");
  shout.type("x\n");
  shout.close_input();
  CHECK(shout.prints("X\n"));
  CHECK(shout.exits_with(0));
}

TEST_CASE("twenty commands in a row"
          * id("twenty-stages") * points(10) * needs("end-of-file")
          * hint("A loop over the stages: each one but the last makes a pipe, each one but the first reads the pipe before.")) {
  std::string words = "cat";
  for (int i = 1; i < 20; ++i) words += i % 2 == 0 ? " : cat" : " : tr a-y b-z";
  auto chain = lab.start(words);
  chain.type("abc\n");
  chain.close_input();
  CHECK(chain.prints_only("klm\n"));
  CHECK(chain.exits_with(0));
}

TEST_CASE("all commands run at the same time"
          * id("side-by-side") * points(10) * needs("flows")
          * hint("Start every stage before waiting for any of them.")) {
  auto first = lab.gate("first"), second = lab.gate("second");
  auto pipeline = lab.start("gate first : gate second");
  CHECK(first.is_reached());
  CHECK(second.is_reached().means("pipe/reader-not-started"));
}

TEST_CASE("more flows than a pipe can hold"
          * id("capacity") * points(10) * needs("side-by-side") * needs("end-of-file")
          * hint("A pipe holds 65536 bytes. The writer sleeps until somebody reads: is the reader there?")) {
  auto slow = lab.gate("slow");
  auto pipeline = lab.start("head -c 3000000 /dev/zero : gate slow wc -c");
  CHECK(slow.is_reached());
  slow.open();
  CHECK(pipeline.prints_only("3000000\n"));
  CHECK(pipeline.exits_with(0));
}

TEST_CASE("a writer whose reader has gone is ended by SIGPIPE"
          * id("reader-gone") * points(10) * needs("side-by-side")
          * hint("SIGPIPE comes only when no read end is left anywhere. And it must not be ignored.")) {
  auto pipeline = lab.start("yes : cat : head -n 1");
  CHECK(pipeline.prints("y\n"));
  CHECK(pipeline.exits_with(0));
  CHECK(pipeline.complains_of_nothing().means("signal/sigpipe-ignored"));
}

TEST_CASE("the last command decides the status, and a signal counts as 128 + n"
          * id("status") * points(5) * needs("side-by-side")
          * hint("waitpid() gives a status word: WIFEXITED, WEXITSTATUS, WIFSIGNALED and WTERMSIG take it apart.")) {
  auto gate = lab.gate("early");
  auto pipeline = lab.start({"gate", "early", "sh", "-c", "exit 3", ":", "sh", "-c", "exit 5"});
  CHECK(gate.is_reached());
  CHECK(pipeline.stays_alive());  // the last command has ended meanwhile, with 5: the first is the last to end
  gate.open();
  CHECK(pipeline.exits_with(5).means("process/wrong-child"));
  auto killed = lab.start({"true", ":", "sh", "-c", "kill -TERM $$"});
  CHECK(killed.exits_with(143).means("process/status-word"));
}

TEST_CASE("when it ends, every command has ended and was waited for"
          * id("nothing-left") * points(5) * needs("side-by-side")
          * hint("One wait for each child. The last one to start need not be the last one to end.")) {
  auto late = lab.gate("late");
  auto pipeline = lab.start({"gate", "late", ":", "sh", "-c", "exec <&-; echo done"});
  CHECK(late.is_reached());
  CHECK(pipeline.prints("done\n"));
  CHECK(pipeline.stays_alive().means("process/left-running"));
  late.open();
  pipeline.close_input();
  CHECK(pipeline.exits_with(0));
  CHECK(pipeline.leaves_nothing_behind());
}

TEST_CASE("each command has descriptors 0, 1 and 2, and no other"
          * id("three-descriptors") * points(5) * needs("side-by-side")
          * hint("ls -l /proc/PID/fd shows what a process has open. After dup2 the old number is still open too.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto pipeline = lab.start("gate a : gate b : gate c");
  for (auto* gate : {&a, &b, &c}) {
    CHECK(gate->is_reached());
    CHECK(gate->keeps_open({0, 1, 2}));
  }
}

TEST_CASE("pipes join the commands directly: no shell, no file, no copying in between"
          * id("mechanism") * points(5) * needs("side-by-side")
          * hint("The first command has your own standard input, the last your own output; a pipe joins each to the next.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto pipeline = lab.start("gate a : gate b");
  CHECK(a.is_reached());
  CHECK(b.is_reached());
  CHECK(a.shares(0, pipeline, 0));
  CHECK(a.shares(1, b, 0));
  CHECK(b.shares(1, pipeline, 1));
  CHECK(a.shares(2, pipeline, 2));
  CHECK(pipeline.runs_only({"gate"}));
}

TEST_CASE("a command that is not found counts as 127, and the others end"
          * id("not-found") * points(5) * needs("end-of-file")
          * hint("exec returns only when it has failed. The child is then a copy of your program: it must _exit at once.")) {
  auto pipeline = lab.start("echo hi : no-such-command");
  CHECK(pipeline.exits_with(127));
  CHECK(pipeline.complains_times("no-such-command", 1).means("process/child-runs-on"));
  auto first = lab.start("no-such-command : wc -c");
  CHECK(first.prints_only("0\n"));
  CHECK(first.exits_with(0));
}

TEST_SUITE_END();
