// Lab 04: what a worker does with its lines and when a signal comes. The words are explained in check.hpp and
// words.hpp. Nothing here waits for silence where an event can be waited for: a program that wakes up by a
// clock fails the one case that is about clocks.
#include "words.hpp"

#include <unistd.h>


using namespace shutdown;

namespace {

// Which of the two comes first is free, so both ends are right; a third one is not.
Verdict ends_either_way(Program& steady, const std::string& what_came) {
  const Verdict died = steady.dies_of(SIGINT);
  if (died.passed() || steady.exits_with(0).passed()) return Verdict::yes();
  play::Evidence e = died.evidence();
  e.expected = "it exits with 0 or is ended by SIGINT, for " + what_came + " came at one instant";
  if (died.ended_by(SIGKILL)) e.diagnoses = {"signal/killed-its-own-group"};
  return Verdict::no(std::move(e));
}

// Dead of SIGINT, and not only as if: an exit status of 128 + 2 betrays who does that.
Verdict dies_of_it(Program& steady, const char* diagnosis) {
  Verdict died = steady.dies_of(SIGINT);
  const bool exited = died.ended_with(128 + SIGINT);
  return std::move(died).means(diagnosis, exited);
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("a line is a job: one after the other, the whole line one argument, and its end is told"
          * id("jobs") * points(10)
          * hint("Begin with TODO 1 and 2 in labs/04-shutdown/steady.cpp: start one job, and wait for its end. Where a job has ended and nothing follows: does SIGCHLD reach the sleep, and does the loop look again after it (TODO 3, 4)?")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g printf [%s]\\n");
  CHECK(steady.prints_next("ready\n"));
  steady.type("two  blanks * $HOME;\nsecond\nhal");
  CHECK(steady.prints_next("start two  blanks * $HOME;\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(steady.prints_next("[two  blanks * $HOME;]\nend 0 two  blanks * $HOME;\n").means("process/line-taken-apart", steady.has_printed("[two]")));
  CHECK(steady.prints_next("start second\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(steady.prints_next("[second]\nend 0 second\n"));
  CHECK(steady.has_read_its_input());
  steady.type("f\nlast");
  CHECK(steady.prints_next("start half\n"));
  CHECK(gate.is_reached());
  steady.close_input();
  let_go(gate);
  CHECK(steady.prints_next("[half]\nend 0 half\nstart last\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(steady.prints_next("[last]\nend 0 last\n"));
  CHECK(steady.exits_with(0));
  auto endings = steady_with("sh -c");
  endings.type("exit 7\nkill -KILL $$\n");
  endings.close_input();
  CHECK(endings.prints_next("ready\nstart exit 7\nend 7 exit 7\n").means("process/status-word", endings.has_printed("end 1792 ")));
  CHECK(endings.prints_next("start kill -KILL $$\nend 137 kill -KILL $$\n").means("process/status-word", endings.has_printed("end 0 kill")));
  CHECK(endings.exits_with(0));
  write_file("plain", "not a program", 0644);
  for (const auto& [command, status] : {std::pair{"no-such-command", "127"}, {"./plain", "126"}}) {
    auto refused = steady_with(command);
    refused.type("x\n");
    refused.close_input();
    CHECK(refused.prints_only(std::string("ready\nstart x\nend ") + status + " x\n"));
    CHECK(refused.exits_with(0));
  }
}

TEST_CASE("STATE holds the job in hand, and what cannot be done is refused"
          * id("state") * points(5) * needs("jobs")
          * hint("The file is there before `start` is said, and gone when the job has ended. Look with: cat state")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  CHECK(lab.file("state").is_removed());
  steady.type("pay  the bill\n");
  CHECK(steady.prints_next("start pay  the bill\n"));
  CHECK(lab.file("state").has_text("pay  the bill\n"));
  CHECK(gate.is_reached());
  CHECK(lab.file("state").has_text("pay  the bill\n"));
  gate.open();
  CHECK(steady.prints_next("end 0 pay  the bill\n"));
  CHECK(lab.file("state").is_removed());
  steady.close_input();
  CHECK(steady.exits_with(0));
  for (const char* words : {"", "config", "config state more"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.complains("usage"));
    CHECK(wrong.exits_with(2));
  }
  write_file("empty", " \n");
  for (const char* words : {"missing state", "empty state", "config no-such-folder/state"}) {
    auto refused = lab.start(words);
    refused.type("x\n");
    CHECK(refused.complains("\n"));
    CHECK(refused.exits_with(1));
    CHECK(starts_nothing(refused));
  }
}

TEST_CASE("SIGTERM: the job in hand is finished, and is the last"
          * id("sigterm") * points(10) * needs("jobs")
          * hint("A handler that sets a flag, and a loop that looks at it: TODO 3, 4 and 5. `stopping` is said once; the job in hand is finished first, and is the last.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  send_when_asleep(steady, SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  send_when_asleep(steady, SIGTERM);
  CHECK(steady.has_taken(SIGTERM));
  steady.type("three\n");
  let_go(gate);
  CHECK(steady.prints_next("end 0 one\n").means("signal/job-was-signalled", steady.has_printed("end 143 one")));
  CHECK(steady.exits_with(0));
  CHECK(steady.prints_nothing_more());
  auto idle = steady_with("gate g true");
  CHECK(idle.prints_next("ready\n"));
  send_when_asleep(idle, SIGTERM);
  CHECK(idle.prints_next("stopping\n"));
  CHECK(idle.exits_with(0));
  auto both = steady_with("gate g true");
  both.type("four\n");
  CHECK(both.prints_next("ready\nstart four\n"));
  CHECK(gate.is_reached());
  both.settle();
  both.freeze();
  both.send(SIGTERM);
  gate.open();
  CHECK(gate.is_gone());
  both.thaw();
  CHECK(both.prints_in_any_order({"stopping", "end 0 four"}));
  CHECK(both.exits_with(0));
  CHECK(both.prints_nothing_more());
}

TEST_CASE("Ctrl-C is for steady: the job has a process group of its own"
          * id("ctrl-c") * points(5) * needs("sigterm")
          * hint("The terminal sends SIGINT to a whole process group. Which group is the job in, and who puts it there?")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("ready\nstart one\n"));
  CHECK(gate.is_reached());
  steady.settle();
  steady.send_to_group(SIGINT);
  CHECK(steady.prints_next("stopping\n"));
  let_go(gate);
  CHECK(steady.prints_next("end 0 one\n").means("process/job-in-the-same-group", steady.has_printed("end 130 one")));
  CHECK(steady.exits_with(0));
  auto typed = lab.start_on_terminal("config another-state");
  typed.type("three\n");
  CHECK(typed.prints("start three\n"));
  CHECK(gate.is_reached());
  typed.type(key::ctrl_c);
  CHECK(typed.prints("stopping\n"));
  let_go(gate);
  CHECK(typed.prints("end 0 three\n"));
  CHECK(typed.exits_with(0));
}

TEST_CASE("SIGINT while it stops: the job's group is killed, STATE stays, and steady dies of SIGINT"
          * id("sigint-twice") * points(10) * needs("ctrl-c") * needs("state")
          * hint("Kill the group, not the process: kill(-pid). Then the default action for SIGINT, raise() it, and unblock it: while it is blocked raise() only makes it pending. Who asked first does not matter, and STATE stays.")) {
  for (const int first : {SIGINT, SIGTERM}) {
    auto parent = lab.gate(first == SIGINT ? "p" : "P"), child = lab.gate(first == SIGINT ? "c" : "C");
    auto steady = steady_with("sh -c");
    // Ended by SIGKILL it must be: a job may ignore what is polite.
    const std::string line = std::string("trap '' TERM; ") + (first == SIGINT ? "gate c & gate p" : "gate C & gate P");
    steady.type(line + "\n");
    CHECK(steady.prints_next("ready\nstart " + line + "\n"));
    CHECK(parent.is_reached());
    CHECK(child.is_reached());
    send_when_asleep(steady, first);
    CHECK(steady.prints_next("stopping\n"));
    send_when_asleep(steady, SIGINT);
    CHECK(dies_of_it(steady, "signal/exit-instead-of-dying"));
    CHECK(ends_too(parent, "process/group-lives-on"));
    CHECK(ends_too(child, "process/group-lives-on"));
    CHECK(lab.file("state").has_text(line + "\n"));
  }
  auto gate = lab.gate("t");
  auto once = steady_with("gate t true");
  once.type("one\n");
  CHECK(gate.is_reached());
  send_when_asleep(once, SIGTERM);
  CHECK(once.prints("stopping\n"));
  gate.open();
  CHECK(once.exits_with(0));
  CHECK(lab.file("state").is_removed());
  auto typed = lab.start_on_terminal("config state");
  typed.type("on a terminal\n");
  CHECK(gate.is_reached());
  typed.type(key::ctrl_c);
  CHECK(typed.prints("stopping\n"));
  typed.type(key::ctrl_c);
  CHECK(typed.dies_of(SIGINT));
  CHECK(ends_too(gate, "process/group-lives-on"));
  // The second word at the same instant as the first, or as the job's end: then there may be no job to kill.
  auto idle = steady_with("gate t true");
  CHECK(idle.prints_next("ready\n"));
  send_at_once(idle, {SIGTERM, SIGINT});
  CHECK(idle.prints_next("stopping\n"));
  CHECK(ends_either_way(idle, "SIGTERM and SIGINT"));
  auto over = steady_with("gate t true");
  over.type("two\n");
  CHECK(gate.is_reached());
  send_when_asleep(over, SIGTERM);
  CHECK(over.prints("stopping\n"));
  over.settle();
  over.freeze();
  over.send(SIGINT);
  gate.open();
  CHECK(gate.is_gone());
  over.thaw();
  CHECK(ends_either_way(over, "SIGINT and the end of the job"));
}

TEST_CASE("SIGHUP: CONFIG is read again, and the next job runs with it"
          * id("sighup") * points(5) * needs("sigterm")
          * hint("Read CONFIG where the flag is looked at, not for every job. Keep the old words until the new ones are known to be usable.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto steady = steady_with("gate a true");
  steady.type("one\n");
  CHECK(steady.prints_next("ready\nstart one\n"));
  CHECK(a.is_reached());
  configure("gate b true");
  send_when_asleep(steady, SIGHUP);
  CHECK(steady.prints_next("config\n"));
  let_go(a);
  CHECK(steady.prints_next("end 0 one\n"));
  steady.type("two\n");
  CHECK(steady.prints_next("start two\n"));
  CHECK(b.is_reached());
  unlink("config");
  send_when_asleep(steady, SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure(" ");
  send_when_asleep(steady, SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure("gate c true");
  b.open();
  CHECK(steady.prints_next("end 0 two\n"));
  steady.type("three\n");
  CHECK(steady.prints_next("start three\n"));
  CHECK(b.is_reached());
  send_when_asleep(steady, SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  send_when_asleep(steady, SIGHUP);
  CHECK(steady.prints_next("config\n"));
  b.open();
  CHECK(steady.prints_next("end 0 three\n"));
  CHECK(steady.exits_with(0));
}

TEST_CASE("SIGUSR1: a status line, idle or busy, and signals that come at one instant are all answered"
          * id("sigusr1") * points(10) * needs("sighup")
          * hint("One flag for each signal: two that come together must not overwrite each other. And a read or a wait that was interrupted has not failed.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  send_when_asleep(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 idle\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  send_when_asleep(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n"));
  gate.open();
  CHECK(steady.prints_next("end 0 one\n"));
  steady.settle();
  steady.freeze();
  for (const int s : {SIGUSR1, SIGHUP, SIGUSR1, SIGUSR1}) steady.send(s);
  steady.thaw();
  CHECK(steady.prints_in_any_order({"config", "status 1 idle|status 0 idle"}).means("signal/overwritten"));
  const std::vector<std::string> no_status{"ready", "start ", "end ", "config", "in "};
  CHECK(steady.printed_lines({"status "}, "status 0 idle\nstatus 0 busy one\nstatus 1 idle\n", no_status));
  steady.type("two\n");
  CHECK(steady.prints_next("start two\n"));
  CHECK(gate.is_reached());
  steady.settle();
  steady.freeze();
  for (const int s : {SIGHUP, SIGTERM, SIGUSR1}) steady.send(s);
  gate.open();
  CHECK(gate.is_gone());
  steady.thaw();
  CHECK(steady.prints_in_any_order({"config", "stopping", "end 0 two", "status 1 busy two|status 2 idle"}).means("signal/overwritten"));
  CHECK(steady.exits_with(0));
}

TEST_SUITE_END();
