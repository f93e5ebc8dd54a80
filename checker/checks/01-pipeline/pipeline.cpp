// Lab 01: what a pipeline must live through. The words are explained in check.hpp.
#include <cerrno>
#include <cstdio>

#include "check.hpp"

TEST_SUITE_BEGIN("01-pipeline");

namespace {

// One line of --time: what it says, in seconds.
struct Times {
  bool found = false;
  double elapsed = 0, user = 0, system = 0;
};

Times times_of(const std::string& name, const std::string& text) {
  Times t;
  for (const std::string& line : split(text, '\n'))
    if (line.starts_with(name + ": ") &&
        std::sscanf(line.c_str() + name.size() + 2, "%lf s elapsed, %lf s user, %lf s system", &t.elapsed, &t.user, &t.system) == 3)
      t.found = true;
  return t;
}

double now() { return lab.testbed().seconds(); }

room::Order with_descriptors(std::uint64_t limit) {
  room::Order order;
  order.limits.descriptors = limit;
  return order;
}

}  // namespace

TEST_CASE("one command is started, and neither a shell nor another program in between"
          * id("starts") * points(5) * todo(1)
          * hint("fork(2) makes the child, exec(3) in the child makes it the command.")) {
  play::Execs execs(lab.testbed(), "pipeline");
  auto gate = lab.gate("g");
  lab.start("gate g", execs.order());
  CHECK(gate.is_reached());
  CHECK(execs.are_its_own());
  // A shell that was loaded without exec is no file that could be seen. But every shell puts PWD into the environment (sh(1)), and nobody
  // else does.
  CHECK(lab.start("printenv PWD").prints_only("").means("process/shell-between"));
}

TEST_CASE("one command runs, and its status comes back"
          * id("one-stage") * points(5) * needs("starts") * todo(2)
          * hint("The words go to exec as they are. Wait for the child: WEXITSTATUS takes its exit status out of what waitpid() says.")) {
  const int status = static_cast<int>(2 + lab.dice()() % 120);
  auto gate = lab.gate("g");
  auto pipeline = lab.start({"gate", "g", "sh", "-c", "echo \"$0 $1 $2\"; exit " + std::to_string(status), "a  b", "*", "::"});
  CHECK(gate.is_reached());
  const bool sigchld_ignored = pipeline.ignores(SIGCHLD).passed();
  gate.open();
  CHECK(pipeline.prints_only("a  b * ::\n"));
  auto killed = lab.start({"sh", "-c", "kill -KILL $$"});
  const bool whole_word = killed.exits_with(SIGKILL).passed();
  CHECK(pipeline.exits_with(status).means("signal/sigchld-ignored", sigchld_ignored).means("process/status-word", whole_word));
}

TEST_CASE("what the first command prints, the second reads"
          * id("flows") * points(10) * todo(3)
          * hint("pipe(2) gives two descriptors. dup2(2) puts one at 1 in the first child, the other at 0 in the second.")) {
  // sed -u prints each line at once: that it also meets end-of-file is another check's affair.
  const std::string nonce = std::to_string(lab.dice()());
  auto pipeline = lab.start("echo " + nonce + " : sed -u s/^/read_/");
  CHECK(pipeline.prints("read_" + nonce + "\n"));
}

TEST_CASE("the reader meets end-of-file, and every process ends"
          * id("end-of-file") * points(10) * needs("flows") * todo(4)
          * hint("read() returns 0 only after every copy of the write end is closed. Who still holds one?")) {
  auto shout = lab.start("tr a-z A-Z : cat");
  shout.type("x\n");
  shout.close_input();
  CHECK(shout.prints("X\n"));
  CHECK(shout.ends_last());
}

TEST_CASE("twenty commands in a row"
          * id("twenty-stages") * points(10) * needs("flows") * needs("end-of-file")
          * hint("A loop over the stages: each one but the last makes a pipe, each one but the first reads the pipe before.")) {
  std::string words = "cat";
  for (int i = 1; i < 20; ++i) words += i % 2 == 0 ? " : cat" : " : tr a-y b-z";
  auto chain = lab.start(words);
  chain.type("abc\n");
  chain.close_input();
  CHECK(chain.prints_only("klm\n"));
  CHECK(chain.ends_last());
}

TEST_CASE("all commands run at the same time"
          * id("side-by-side") * points(10) * needs("flows")
          * hint("Start every stage before waiting for any of them.")) {
  auto first = lab.gate("first"), second = lab.gate("second");
  auto pipeline = lab.start("gate first : gate second");
  CHECK(first.is_reached());
  // What joins them where both run is another check's affair; a file explains why the second waits for the first.
  const bool into_a_file = !first.has_pipe_at(1).evidence().diagnoses.empty();
  CHECK(second.is_reached().is_explained_by("pipe/through-a-file", into_a_file).means("pipe/reader-not-started")
            .where(into_a_file ? "what the first command writes goes into a file" : ""));
}

TEST_CASE("more flows than a pipe can hold"
          * id("capacity") * points(10) * needs("flows") * needs("side-by-side") * needs("end-of-file")
          * hint("A pipe holds 65536 bytes. The writer sleeps until somebody reads: is the reader there?")) {
  auto slow = lab.gate("slow");
  auto pipeline = lab.start("head -c 3000000 /dev/zero : gate slow wc -c");
  CHECK(slow.is_reached());
  slow.open();
  CHECK(pipeline.prints_only("3000000\n"));
  CHECK(pipeline.ends_last());
}

TEST_CASE("a writer whose reader has gone is ended by SIGPIPE"
          * id("reader-gone") * points(10) * needs("flows") * needs("side-by-side")
          * hint("SIGPIPE comes only when no read end is left anywhere. And it must not be ignored.")) {
  auto a = lab.gate("a");
  auto pipeline = lab.start("gate a yes : cat : head -n 1");
  CHECK(a.is_reached());
  CHECK(a.takes_by_default(SIGPIPE).means("signal/sigpipe-ignored"));
  a.open();
  CHECK(pipeline.prints("y\n"));
  CHECK(pipeline.ends_last());
  CHECK(pipeline.complains_of_nothing());
}

TEST_CASE("when it ends, every command has ended and was waited for"
          * id("nothing-left") * points(5) * needs("side-by-side")
          * hint("One wait for each child, asleep in that call and not in a loop that asks. The last one to start need not be the last to end.")) {
  auto late = lab.gate("late"), last = lab.gate("last");
  auto pipeline = lab.start("gate late : gate last echo done");
  CHECK(late.is_reached());
  CHECK(last.is_reached());
  play::Verdict waits = pipeline.stays_alive();  // what ends from here on finds it waiting
  const bool asks_again = waits.failed_by(play::Evidence::Kind::spent);
  CHECK(std::move(waits).hints("It asks again and again, and uses up the CPU: without WNOHANG waitpid() sleeps until a child has ended.", asks_again));
  last.open();
  CHECK(pipeline.prints("done\n"));
  CHECK(pipeline.prints_nothing_more());  // by now it waits again, or has ended
  CHECK(late.blocks_in("open"));
  CHECK(pipeline.stays_alive().means("process/left-running"));
  late.open();
  pipeline.close_input();
  CHECK(pipeline.exits());
  CHECK(pipeline.leaves_nothing_behind());
}

TEST_CASE("the last command decides the status, and a signal counts as 128 + n"
          * id("status") * points(5) * needs("one-stage") * needs("side-by-side")
          * hint("waitpid() gives a status word: WIFEXITED, WEXITSTATUS, WIFSIGNALED and WTERMSIG take it apart.")) {
  auto early = lab.gate("early"), last = lab.gate("last");
  auto pipeline = lab.start({"gate", "early", "sh", "-c", "exit 3", ":", "gate", "last", "sh", "-c", "exit 5"});
  CHECK(early.is_reached());
  CHECK(last.is_reached());
  last.open();
  CHECK(last.is_gone());
  (void)pipeline.stays_alive();  // what it does at that end it has done: whether it goes on waiting is another check's affair
  CHECK(early.blocks_in("open"));
  early.open();  // the first is the last to end
  CHECK(pipeline.exits());
  play::Verdict five = pipeline.exits_with(5);
  const bool of_the_first = five.ended_with(3);
  CHECK(std::move(five).means("process/wrong-child", of_the_first));
  auto killed = lab.start({"true", ":", "sh", "-c", "kill -TERM $$"});
  CHECK(killed.exits());
  play::Verdict by_signal = killed.exits_with(143);
  const bool taken_apart_wrongly = by_signal.ended_with(SIGTERM) || by_signal.ended_with(0);
  CHECK(std::move(by_signal).means("process/status-word", taken_apart_wrongly));
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
          * id("mechanism") * points(5) * needs("starts") * needs("flows") * needs("side-by-side")
          * hint("The first command has your own standard input, the last your own output; a pipe joins each to the next.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto pipeline = lab.start("gate a : gate b");
  CHECK(a.is_reached());
  CHECK(b.is_reached());
  CHECK(a.shares(0, pipeline, 0));
  CHECK(a.has_pipe_at(1));
  CHECK(b.has_pipe_at(0));
  play::Verdict joined = a.shares(1, b, 0);
  const bool two_pipes = !joined.passed() && !a.shares(1, pipeline, 1).passed() && !b.shares(0, pipeline, 0).passed();
  // A line of its own shows whether what goes into the one comes out of the other: only then somebody copies.
  const bool copied = two_pipes && lab.start("echo x : sed -u s/x/read/").prints("read\n").passed();
  CHECK(std::move(joined).is_explained_by("pipe/copied-in-between", copied));
  CHECK(b.shares(1, pipeline, 1));
  CHECK(a.shares(2, pipeline, 2));
  CHECK(b.shares(2, pipeline, 2));
  CHECK(pipeline.runs_only({"gate"}));
}

TEST_CASE("a command that is not found counts as 127, one that cannot be executed as 126, and the others end"
          * id("not-found") * points(5) * needs("end-of-file") * needs("nothing-left") * needs("status") * needs("reader-gone")
          * hint("exec returns only when it has failed, and errno says why. _exit(2) ends the child at once, with the status you choose.")) {
  auto next = lab.gate("next");
  auto first = lab.start("no-such-command : gate next");
  CHECK(next.is_reached_once().means("process/child-runs-on"));
  next.open();
  CHECK(first.exits_with(0));
  CHECK(first.complains_times("no-such-command", 1));
  auto last = lab.start("echo hi : no-such-command");
  play::Verdict not_found = last.exits_with(127);
  const bool other_reason = not_found.ended_with(126);
  CHECK(std::move(not_found).hints("errno was ENOENT when exec came back. Which call ran before it was looked at?", other_reason));
  auto folder = lab.start("true : /");
  play::Verdict no_program = folder.exits_with(126);
  const bool taken_for_missing = no_program.ended_with(127);
  CHECK(std::move(no_program).hints("It is there, and exec said EACCES: only ENOENT means that there is no such command.", taken_for_missing));
  auto middle = lab.start("yes : no-such-command : wc -c");
  CHECK(middle.prints_only("0\n"));
  CHECK(middle.exits_with(0));
}

TEST_CASE("when the system refuses a process, it says so, and the status is 125"
          * id("no-process") * points(5) * needs("starts")
          * hint("fork() returns -1 then: no child, no pid. Say why, start no more, close what is open, and wait for those that run.")) {
  const char* refused = "here the system refuses every new process (fork fails with EAGAIN)";
  auto gate = lab.gate("g");
  lab.start("gate g");
  CHECK(gate.is_reached());
  auto none = lab.start("cat : cat", play::inheriting([] { play::seccomp::refuse_children(EAGAIN); }));
  none.close_input();  // who reads it is another check's affair
  CHECK(none.exits().where(refused));
  CHECK(none.exits_with(125).where(refused));
  CHECK(none.complains("Resource temporarily unavailable").where(refused));
}

TEST_CASE("--pipefail: the last command that failed decides the status"
          * id("pipefail") * needs("status") * needs("nothing-left") * needs("reader-gone") * needs("end-of-file") * stretch() * todo(6)
          * hint("Keep the status of every stage, then look from the last one back.")) {
  auto both = lab.start({"--pipefail", "sh", "-c", "exit 3", ":", "sh", "-c", "exit 4", ":", "true"});
  CHECK(both.exits_with(4));
  auto killed = lab.start("--pipefail yes : head -n 1");
  CHECK(killed.prints("y\n"));
  CHECK(killed.exits_with(141));
  auto none = lab.start("--pipefail echo hi : cat");
  CHECK(none.prints_only("hi\n"));
  CHECK(none.exits_with(0));
}

TEST_CASE("--time: one line for each command says how long it ran and what it used of the CPU"
          * id("time") * needs("one-stage") * needs("nothing-left") * stretch() * todo(7)
          * hint("A stage's time ends when it ends, not when its turn comes to be waited for. wait4(2) tells the usage of the one child it collects.")) {
  auto late = lab.gate("late");
  const double begin = now();
  auto pipeline = lab.start({"--time", "gate", "late", "true", ":", "sh", "-c", "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"});
  pipeline.close_input();
  CHECK(late.is_reached());
  CHECK(pipeline.stays_alive());  // sh has ended meanwhile, and both starts have been noted
  const double ended = now();
  // As long again, so that a program which looks at its clock only afterwards cannot be right by luck.
  while (now() - ended < ended - begin + 0.005) CHECK(pipeline.stays_alive());
  const double opened = now();
  late.open();
  CHECK(pipeline.exits_with(0));
  CHECK(pipeline.complains("sh: "));
  const std::string said = pipeline.complained();
  const Times gate = times_of("gate", said), sh = times_of("sh", said);
  const std::string lines = "it wrote on standard error: " + quote(said, 200);
  CHECK(play::Verdict::yes_if(gate.found && sh.found, "there is a line like \"sh: 0.012 s elapsed, 0.004 s user, 0.002 s system\" for gate and for sh", "there is not", {lines}));
  CHECK(play::Verdict::yes_if(sh.elapsed <= ended - begin + 0.002, "the time of sh ends when sh has ended, long before the gate", "it is longer", {lines}));
  CHECK(play::Verdict::yes_if(gate.elapsed >= opened - ended - 0.002, "the time of gate goes on until it has ended", "it is shorter", {lines}));
  CHECK(play::Verdict::yes_if(sh.user + sh.system > 0.002, "the CPU time of sh, which counts to 50000, is more than 0.002 s", "it is not", {lines}));
  CHECK(play::Verdict::yes_if(gate.user + gate.system < sh.user + sh.system, "gate, which only waits, has used less of the CPU than sh, which counts", "it is not so", {lines}));
}

TEST_CASE("when the system refuses a pipe, it says so, what runs comes to its end, and the status is 125"
          * id("refused") * needs("end-of-file") * needs("nothing-left") * stretch() * todo(5)
          * hint("Not must(): it would leave behind what runs already. Say it, start no more, close what you have, wait.")) {
  // Beside 0, 1 and 2 there is room for one descriptor, and a pipe has two.
  auto none = lab.start("cat : cat", with_descriptors(4));
  CHECK(none.complains("pipe"));
  CHECK(none.exits_with(125));
  // Room for one pipe, but not for the next: how many commands are running by then is the program's affair.
  auto some = lab.start("cat : cat : cat", with_descriptors(5));
  some.close_input();
  CHECK(some.leaves_nothing_behind());
}

TEST_SUITE_END();
