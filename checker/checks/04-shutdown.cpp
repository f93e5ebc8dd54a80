// Lab 04: what a worker must live through. The words are explained in check.hpp.
//
// A job is a gate: CONFIG `gate g true` and the line `one` make the job `gate g true one`, which stands at the FIFO g
// until the check opens it, and then is `true one`. Nothing here waits for silence where an event can be waited for: a
// program that wakes up by a clock fails the one case that is about clocks.
#include <fcntl.h>
#include <unistd.h>

#include "check.hpp"
#include "play/asleep.hpp"
#include "play/door.hpp"
#include "play/files.hpp"
#include "play/handlers.hpp"
#include "play/lines.hpp"
#include "see/calls.hpp"

namespace {

using play::Verdict;

constexpr int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

void configure(const std::string& line) { base::write_file("config", line + "\n"); }

// On a STATE of its own: what an earlier one has left is the affair of other cases.
play::Program steady_with(const std::string& config) {
  configure(config);
  unlink("state");
  return lab.start("config state");
}

// Every signal is sent to a program that sleeps: what comes on its way there is the affair of one case alone.
void tell(const play::Program& program, int signal) {
  play::let_it_settle(lab.stage(), program);
  program.send(signal);
}

// Lets the job go on. A wrong program may have killed it meanwhile: then nobody stands there, and what the program
// says of the job's end tells it.
void let_go(play::Gate& gate) {
  try {
    gate.open();
  } catch (const std::system_error& e) {
    if (e.code().value() != ENXIO) throw;
  }
}

// A failure is diagnosed only where what came is the mark of that one mistake: in the verdict, or in what was printed.
Verdict named(Verdict verdict, const play::Program& program, const std::string& mark, const char* diagnosis) {
  const bool marked = (verdict.evidence().actual + program.printed()).find(mark) != std::string::npos;
  return marked ? std::move(verdict).means(diagnosis) : verdict;
}

// It is known to have ended by then, so a job that lives is the whole finding.
Verdict ends_too(play::Gate& job, const char* diagnosis) {
  play::Evidence e = job.is_gone().evidence();
  if (e.expected.empty()) return Verdict::yes();
  e.actual = "it still lives, and steady does not";
  e.diagnoses = {diagnosis};
  return Verdict::no(std::move(e));
}

Verdict tells_of_jobs(const play::Program& steady, const std::string& expected) {
  return play::printed_lines(steady, {"start ", "again ", "end "}, expected, {"ready", "config", "status ", "stopping"});
}

// Forgotten is a job that is neither started nor done again.
Verdict does_again(play::Program& steady, const std::string& text) {
  Verdict verdict = steady.prints_next(text);
  return steady.printed().find(" one\n") == std::string::npos ? std::move(verdict).means("process/job-forgotten") : verdict;
}

// Run by a program just before it is executed: what a careless parent passes on.
void inherit(void (*disposition)(int), bool blocked) {
  sigset_t five;
  sigemptyset(&five);
  for (const int s : the_five) {
    std::signal(s, disposition);
    sigaddset(&five, s);
  }
  if (blocked) sigprocmask(SIG_BLOCK, &five, nullptr);
  const int extra = open("/dev/null", O_RDONLY);  // and a descriptor that is not close-on-exec
  fcntl(extra, F_DUPFD, 20);
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
  CHECK(named(steady.prints_next("[two  blanks * $HOME;]\nend 0 two  blanks * $HOME;\n"), steady, "[two]", "process/line-taken-apart"));
  CHECK(steady.prints_next("start second\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(steady.prints_next("[second]\nend 0 second\n"));
  CHECK(play::has_read_its_input(lab.stage(), steady));
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
  CHECK(named(endings.prints_next("ready\nstart exit 7\nend 7 exit 7\n"), endings, "end 1792 ", "process/status-word"));
  CHECK(named(endings.prints_next("start kill -KILL $$\nend 137 kill -KILL $$\n"), endings, "end 0 kill", "process/status-word"));
  CHECK(endings.exits_with(0));
  base::write_file("plain", "not a program", 0644);
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
  CHECK(play::File(lab.stage(), "state").is_removed());
  steady.type("pay  the bill\n");
  CHECK(steady.prints_next("start pay  the bill\n"));
  CHECK(play::File(lab.stage(), "state").holds("pay  the bill\n"));
  CHECK(gate.is_reached());
  CHECK(play::File(lab.stage(), "state").holds("pay  the bill\n"));
  gate.open();
  CHECK(steady.prints_next("end 0 pay  the bill\n"));
  CHECK(play::File(lab.stage(), "state").is_removed());
  steady.close_input();
  CHECK(steady.exits_with(0));
  for (const char* words : {"", "config", "config state more"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.complains("usage"));
    CHECK(wrong.exits_with(2));
  }
  base::write_file("empty", " \n");
  for (const char* words : {"missing state", "empty state", "config no-such-folder/state"}) {
    auto refused = lab.start(words);
    refused.type("x\n");
    CHECK(refused.complains("\n"));
    CHECK(refused.exits_with(1));
    CHECK(tells_of_jobs(refused, ""));
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
  tell(steady, SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  tell(steady, SIGTERM);
  CHECK(play::has_taken(lab.stage(), steady, SIGTERM));
  steady.type("three\n");
  let_go(gate);
  CHECK(named(steady.prints_next("end 0 one\n"), steady, "end 143 one", "signal/job-was-signalled"));
  CHECK(steady.exits_with(0));
  CHECK(steady.prints_nothing_more());
  auto idle = steady_with("gate g true");
  CHECK(idle.prints_next("ready\n"));
  tell(idle, SIGTERM);
  CHECK(idle.prints_next("stopping\n"));
  CHECK(idle.exits_with(0));
  auto both = steady_with("gate g true");
  both.type("four\n");
  CHECK(both.prints_next("ready\nstart four\n"));
  CHECK(gate.is_reached());
  play::let_it_settle(lab.stage(), both);
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
  play::let_it_settle(lab.stage(), steady);
  steady.send_to_group(SIGINT);
  CHECK(steady.prints_next("stopping\n"));
  let_go(gate);
  CHECK(named(steady.prints_next("end 0 one\n"), steady, "end 130 one", "process/job-in-the-same-group"));
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
    tell(steady, first);
    CHECK(steady.prints_next("stopping\n"));
    tell(steady, SIGINT);
    CHECK(named(steady.dies_of(SIGINT), steady, "exit status 130", "signal/exit-instead-of-dying"));
    CHECK(ends_too(parent, "process/group-lives-on"));
    CHECK(ends_too(child, "process/group-lives-on"));
    CHECK(play::File(lab.stage(), "state").holds(line + "\n"));
  }
  auto gate = lab.gate("t");
  auto once = steady_with("gate t true");
  once.type("one\n");
  CHECK(gate.is_reached());
  tell(once, SIGTERM);
  CHECK(once.prints("stopping\n"));
  gate.open();
  CHECK(once.exits_with(0));
  CHECK(play::File(lab.stage(), "state").is_removed());
  auto typed = lab.start_on_terminal("config state");
  typed.type("on a terminal\n");
  CHECK(gate.is_reached());
  typed.type(key::ctrl_c);
  CHECK(typed.prints("stopping\n"));
  typed.type(key::ctrl_c);
  CHECK(typed.dies_of(SIGINT));
  CHECK(ends_too(gate, "process/group-lives-on"));
}

TEST_CASE("SIGHUP: CONFIG is read again, and the next job runs with it"
          * id("sighup") * points(10) * needs("sigterm")
          * hint("Read CONFIG where the flag is looked at, not for every job. Keep the old words until the new ones are known to be usable.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto steady = steady_with("gate a true");
  steady.type("one\n");
  CHECK(steady.prints_next("ready\nstart one\n"));
  CHECK(a.is_reached());
  configure("gate b true");
  tell(steady, SIGHUP);
  CHECK(steady.prints_next("config\n"));
  let_go(a);
  CHECK(steady.prints_next("end 0 one\n"));
  steady.type("two\n");
  CHECK(steady.prints_next("start two\n"));
  CHECK(b.is_reached());
  unlink("config");
  tell(steady, SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure(" ");
  tell(steady, SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure("gate c true");
  b.open();
  CHECK(steady.prints_next("end 0 two\n"));
  steady.type("three\n");
  CHECK(steady.prints_next("start three\n"));
  CHECK(b.is_reached());
  tell(steady, SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  tell(steady, SIGHUP);
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
  tell(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 idle\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  tell(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n"));
  gate.open();
  CHECK(steady.prints_next("end 0 one\n"));
  play::let_it_settle(lab.stage(), steady);
  steady.freeze();
  for (const int s : {SIGUSR1, SIGHUP, SIGUSR1, SIGUSR1}) steady.send(s);
  steady.thaw();
  CHECK(steady.prints_in_any_order({"config", "status 1 idle|status 0 idle"}).means("signal/overwritten"));
  const std::vector<std::string> no_status{"ready", "start ", "end ", "config", "in "};
  CHECK(play::printed_lines(steady, {"status "}, "status 0 idle\nstatus 0 busy one\nstatus 1 idle\n", no_status));
  steady.type("two\n");
  CHECK(steady.prints_next("start two\n"));
  CHECK(gate.is_reached());
  play::let_it_settle(lab.stage(), steady);
  steady.freeze();
  for (const int s : {SIGHUP, SIGTERM, SIGUSR1}) steady.send(s);
  gate.open();
  CHECK(gate.is_gone());
  steady.thaw();
  CHECK(steady.prints_in_any_order({"config", "stopping", "end 0 two", "status 1 busy two|status 2 idle"}).means("signal/overwritten"));
  CHECK(steady.exits_with(0));
}

TEST_CASE("SIGKILL: the job dies with it, and the next start does it again"
          * id("sigkill") * points(10) * needs("state")
          * hint("SIGKILL cannot be caught: what the next steady needs must be on disk before. Leave STATE there until the job has ended.")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  for (const char* how : {"start", "again"}) {
    auto killed = lab.start("config state");
    if (how == std::string("start")) killed.type("one\ntwo\n");
    CHECK(does_again(killed, std::string("ready\n") + how + " one\n"));
    CHECK(gate.is_reached());
    killed.send(SIGKILL);
    CHECK(killed.dies_of(SIGKILL));
    CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
  auto third = lab.start("config state");
  third.type("three\n");
  CHECK(does_again(third, "ready\nagain one\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(third.prints_next("end 0 one\nstart three\n"));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(third.prints_next("end 0 three\n"));
  CHECK(play::File(lab.stage(), "state").is_removed());
  third.send(SIGKILL);
  CHECK(third.dies_of(SIGKILL));
  for (const char* torn : {"", "hal"}) {
    base::write_file("state", torn);
    auto next = lab.start("config state");
    next.type("four\n");
    CHECK(next.prints_next("ready\nstart four\n"));
    CHECK(gate.is_reached());
    gate.open();
    next.close_input();
    CHECK(next.prints_next("end 0 four\n"));
    CHECK(next.exits_with(0));
  }
}

TEST_CASE("nothing is lost between looking and going to sleep, and it sleeps without a clock"
          * id("nothing-lost") * points(15) * needs("sigusr1") * needs("ctrl-c")
          * hint("Block the signals, look, and let the call that sleeps let them in: ppoll, pselect, sigsuspend. Or make them readable.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  CHECK(play::sleeps_without_a_clock(lab.stage(), steady));
  const auto at_the_door = [](const play::Program& program, int signal, const std::string& answer) {
    std::string call;
    {
      const play::Door door(lab.stage(), program);
      call = door.call();
      program.send(signal);
    }
    auto asked = program;
    return play::after_the_door(see::signal_name(signal), call, asked.prints_next(answer));
  };
  CHECK(at_the_door(steady, SIGUSR1, "status 0 idle\n"));
  CHECK(at_the_door(steady, SIGHUP, "config\n"));
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  CHECK(play::sleeps_without_a_clock(lab.stage(), steady));  // although a line waits
  CHECK(at_the_door(steady, SIGUSR1, "status 0 busy one\n"));
  CHECK(at_the_door(steady, SIGHUP, "config\n"));
  std::string call;
  {
    const play::Door door(lab.stage(), steady);
    call = door.call();
    gate.open();
    CHECK(gate.is_gone());
  }
  CHECK(play::after_the_door("the end of the job", call, steady.prints_next("end 0 one\nstart two\n")));
  CHECK(gate.is_reached());
  steady.close_input();
  CHECK(play::sleeps_without_a_clock(lab.stage(), steady));  // although end-of-file waits
  CHECK(at_the_door(steady, SIGTERM, "stopping\n"));
  gate.open();
  CHECK(steady.prints_next("end 0 two\n"));
  CHECK(steady.exits_with(0));
  for (const int s : {SIGTERM, SIGINT}) {
    auto idle = steady_with("gate g true");
    CHECK(idle.prints_next("ready\n"));
    CHECK(at_the_door(idle, s, "stopping\n"));
    CHECK(idle.exits_with(0));
  }
  auto busy = steady_with("gate g true");
  busy.type("three\n");
  CHECK(busy.prints_next("ready\nstart three\n"));
  CHECK(gate.is_reached());
  CHECK(at_the_door(busy, SIGINT, "stopping\n"));
}

TEST_CASE("an interruption is no event: stopped and continued, steady and its job go on"
          * id("interruption") * points(5) * needs("nothing-lost")
          * hint("EINTR means: look again. And SIGCHLD comes also when a child stops; waitpid() says whether it has ended.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  const auto interrupt = [](const play::Observed& one) {
    for (int i = 0; i < 3; ++i) {
      one.freeze();
      one.thaw();
    }
  };
  interrupt(steady);
  tell(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 idle\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  interrupt(steady);
  tell(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n"));
  gate.freeze();
  CHECK(play::has_taken(lab.stage(), steady, SIGCHLD));
  tell(steady, SIGUSR1);
  CHECK(named(steady.prints_next("status 0 busy one\n"), steady, "end ", "process/stopped-is-not-ended"));
  gate.thaw();
  CHECK(play::has_taken(lab.stage(), steady, SIGCHLD));
  CHECK(gate.is_reached());
  gate.open();
  CHECK(steady.prints_next("end 0 one\n"));
  steady.close_input();
  CHECK(steady.exits_with(0));
}

TEST_CASE("a storm of signals: safe handlers, every line whole, every job done once"
          * id("storm") * points(5) * needs("nothing-lost")
          * hint("Between any two instructions a handler may run: in the middle of printf, in the middle of malloc. Let it set a flag.")) {
  configure("true");
  auto steady = lab.start({"config", "state"}, play::with_watched_handlers(lab.stage()));
  CHECK(steady.prints("ready\n"));
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    const std::string job = std::to_string(i);
    steady.type(job + "\n");
    for (int n = 0; n < 60; ++n)
      for (const int s : {SIGUSR1, SIGHUP, SIGCHLD}) kill(steady.pid(), s);
    CHECK(steady.prints("end 0 " + job + "\n"));
    expected += "start " + job + "\nend 0 " + job + "\n";
  }
  CHECK(play::calls_only_safe_functions(steady));
  tell(steady, SIGTERM);
  CHECK(steady.exits_with(0));
  CHECK(play::calls_only_safe_functions(steady));
  CHECK(tells_of_jobs(steady, expected));
}

TEST_CASE("a job's world: clean signals, its own input, no other descriptor, whatever steady inherited"
          * id("world") * points(5) * needs("sigterm")
          * hint("fork copies the mask, exec keeps it; exec keeps what is ignored; and every descriptor without close-on-exec stays open. steady itself may have inherited a mask too: is the one it sleeps with what you think?")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  const std::pair<const char*, std::function<void()>> inheritances[] = {
      {"nothing", [] {}},
      {"a descriptor, and the five signals ignored", [] { inherit(SIG_IGN, false); }},
      {"a descriptor, and the five signals ignored and blocked", [] { inherit(SIG_IGN, true); }}};
  for (const auto& [what, prepare] : inheritances) {
    unlink("state");
    lab.stage().note(std::string("let it inherit: ") + what);
    room::Order order;
    order.prepare = prepare;
    auto steady = lab.start({"config", "state"}, order);
    steady.type("one\n");
    CHECK(steady.prints_next("ready\nstart one\n"));
    CHECK(gate.is_reached());
    CHECK(gate.starts_clean({std::begin(the_five), std::end(the_five)}).means("signal/passed-on-to-the-job"));
    CHECK(gate.has_file(0, "/dev/null"));
    CHECK(gate.shares(1, steady, 1));
    CHECK(gate.shares(2, steady, 2));
    CHECK(named(gate.keeps_open({0, 1, 2}), steady, "it also has", "process/descriptor-leaked"));
    gate.open();
    CHECK(steady.prints_next("end 0 one\n"));
    tell(steady, SIGTERM);
    CHECK(steady.prints_next("stopping\n"));
    CHECK(steady.exits_with(0));
  }
}

TEST_SUITE_END();
