// Lab 04: what a worker does when a signal comes. The words are explained in words.hpp. Nothing here waits for silence
// where an event can be waited for: a program that wakes up by a clock fails the one case that is about clocks.
#include "words.hpp"

#include <memory>
#include <sys/syscall.h>
#include <unistd.h>

using namespace shutdown;

namespace {

const char* const goes_on_after_kill = "The job was killed, and steady went on as if it had ended by itself: `end` is said, and STATE removed. After kill() it dies at once: raise() makes SIGINT only pending, as long as that is blocked.";

// Dead of SIGINT, and not only as if: an exit status of 128 + 2 betrays who does that.
Verdict dies_of_it(Steady& steady) {
  Verdict died = steady.dies_of(SIGINT);
  const bool as_if = died.ended_with(128 + SIGINT), by_its_own = died.ended_by(SIGKILL), ended = steady.has_ended();
  return std::move(died)
      .means("signal/exit-instead-of-dying", as_if)
      .is_explained_by("signal/killed-its-own-group", by_its_own)
      .hints(goes_on_after_kill, steady.has_printed("end "))
      .hints("It has ended, but not of the signal. Is SIGINT at its default when it is raised, and let in after that? A handler runs instead of it, and while it is blocked raise() only makes it pending.", ended)
      .hints("It goes on. Whoever asked first, and by which signal: a SIGINT that comes while it stops ends it at once.");
}

const char* const held_after_kill = "here steady was held when its kill() had returned, until the job had ended";

// SIGINT for who is stopping. What comes of a steady that lives on after its kill() would be luck: so it goes on when the job has ended.
void tell_sigint_and_hold(Steady& steady, const play::Gate& job) {
  const auto asked = std::make_shared<bool>(true);  // it stays watched
  play::AfterCall killed(lab.testbed(), steady, "kill()", [asked](const play::CallStop& call) {
    return *asked && call.number == SYS_kill && call.args[1] == SIGKILL;
  });
  steady.tell(SIGINT);
  if (killed.comes()) static_cast<void>(job.is_gone().passed());
  *asked = false;
}

const std::string ended_by_term = "end 143 ";

// A job that is told to stop as well ends by that signal.
Verdict ends_well(Steady& steady, const std::string& line, int came = SIGTERM) {
  const std::string ended_by_it = "end " + std::to_string(128 + came) + " ";
  return steady.prints_next("end 0 " + line + "\n").means("signal/job-was-signalled", steady.has_printed(ended_by_it + line));
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("it lives through SIGHUP and SIGUSR1, idle and busy, from `ready` on"
          * id("heard") * points(2) * todo(3) * needs("first-job")
          * hint("A signal without a handler, and not blocked, does what it does by default: these two end a process.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.lives());
  steady.tell(SIGUSR1);
  CHECK(steady.lives());
  steady.type("one\n");
  CHECK(steady.brings_to(gate));
  steady.tell(SIGHUP);
  CHECK(steady.lives());
  let_go(gate);
  CHECK(gate.is_gone());
  CHECK(steady.lives());
}

TEST_CASE("asleep it lets signals in, idle and busy: none is kept waiting"
          * id("let-in") * points(3) * todo(4) * needs("heard")
          * hint("Blocked signals wait. Which call lets them in for exactly as long as it sleeps?")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.lives());
  steady.tell(SIGUSR1);
  CHECK(steady.has_taken(SIGUSR1));
  CHECK(steady.lives());
  steady.type("one\n");
  CHECK(steady.brings_to(gate));
  for (const int signal : {SIGHUP, SIGUSR1}) {  // what it does after the first is heard in the second
    steady.tell(signal);
    CHECK(steady.has_taken(signal));
    CHECK(steady.lives());
  }
}

TEST_CASE("idle or busy, it sleeps in the kernel without a clock, also when lines or end-of-file wait for it"
          * id("sleeps") * points(3) * needs("heard")
          * hint("Input that is there and not wanted ends every sleep at once: when is it not to be waited for?")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.sleeps().means("process/woken-by-a-clock"));
  steady.type("one\ntwo\n");
  CHECK(steady.brings_to(gate));
  CHECK(steady.sleeps().means("process/woken-by-a-clock").where("here a line waits to be read"));
  steady.close_input();
  CHECK(steady.sleeps().means("process/woken-by-a-clock").where("here end-of-file waits"));
  steady.tell(SIGUSR1);
  CHECK(steady.sleeps().means("process/woken-by-a-clock").where("here SIGUSR1 has come before"));
  auto end = lab.gate("e");
  auto last = steady_with("gate e true");
  last.type("one\n");
  last.close_input();
  CHECK(last.brings_to(end));
  CHECK(last.sleeps().means("process/woken-by-a-clock").where("here the input has ended, and the last job is in hand"));
}

TEST_CASE("SIGTERM: the job in hand is finished, and is the last"
          * id("sigterm") * points(6) * todo(5) * needs("jobs") * needs("let-in")
          * hint("A handler sets a flag, the loop looks at it after each sleep. `stopping` is said; the job in hand is finished first, and is the last.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(gate));
  steady.tell(SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  steady.type("three\n");
  CHECK(steady.says_nothing().means("signal/job-was-signalled", steady.has_printed(ended_by_term + "one")).hints(too_early, steady.has_printed("end 0 ")));
  let_go(gate);
  CHECK(ends_well(steady, "one"));
  CHECK(steady.exits_with(0).hints("Nothing is in hand, and it has been told to stop: then no line is begun, and it ends."));
  CHECK(steady.says_nothing());
  auto idle = steady_with("gate g true");
  CHECK(idle.prints_next("ready\n"));
  idle.tell(SIGTERM);
  CHECK(idle.prints_next("stopping\n"));
  CHECK(idle.exits_with(0).hints("It is idle, and has been told to stop: there is nothing to wait for."));
}

TEST_CASE("more SIGTERMs change nothing: `stopping` is said once, and the job in hand is finished all the same"
          * id("sigterm-again") * points(3) * needs("sigterm") * needs("sleeps")
          * hint("SIGTERM may come any number of times, and at the very instant in which the job ends.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("one\n");
  CHECK(steady.prints_next("ready\nstart one\n"));
  CHECK(steady.brings_to(gate));
  steady.tell(SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  for (int i = 0; i < 2; ++i) {
    steady.tell(SIGTERM);
    CHECK(steady.says_nothing());
  }
  let_go(gate);
  CHECK(ends_well(steady, "one"));
  CHECK(steady.exits_with(0));
  auto both = steady_with("gate g true");
  both.type("four\nfive\n");
  CHECK(both.prints_next("ready\nstart four\n"));
  CHECK(both.brings_to(gate));
  both.tell_at_once({SIGTERM}, [&] {
    let_go(gate);
    static_cast<void>(gate.is_gone().passed());
  });
  CHECK(both.prints_in_any_order({"stopping", "end 0 four"}));
  CHECK(both.exits_with(0));
  CHECK(both.prints_nothing_more());
}

TEST_CASE("Ctrl-C is for steady: the job has a process group of its own"
          * id("ctrl-c") * points(3) * needs("sigterm") * needs("own-group")
          * hint("The terminal sends SIGINT to a whole process group. Which group is the job in, and who puts it there?")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("ready\nstart one\n"));
  CHECK(steady.brings_to(gate));
  steady.tell_its_group(SIGINT);
  CHECK(steady.prints_next("stopping\n"));
  steady.settle();
  let_go(gate);
  CHECK(ends_well(steady, "one", SIGINT));
  CHECK(steady.exits_with(0));
  auto typed = on_a_terminal("gate g true");
  typed.type("three\n");
  CHECK(typed.prints("start three\n"));
  CHECK(gate.is_reached());
  typed.settle();
  typed.type(key::ctrl_c);
  CHECK(typed.prints("stopping\n"));
  typed.settle();
  let_go(gate);
  CHECK(typed.prints("end 0 three\n"));
  CHECK(typed.exits_with(0));
}

TEST_CASE("SIGINT while it stops: the job is killed, and steady dies of SIGINT"
          * id("sigint-twice") * points(5) * todo(6) * needs("ctrl-c")
          * hint("Kill the job. Then the default action for SIGINT, raise() it, and unblock it: while it is blocked raise() only makes it pending. Who asked first does not matter.")) {
  for (const int first : {SIGINT, SIGTERM}) {
    auto gate = lab.gate(first == SIGINT ? "i" : "t");
    auto steady = steady_with(first == SIGINT ? "gate i true" : "gate t true");
    steady.type("one\n");
    CHECK(steady.prints_next("ready\nstart one\n"));
    CHECK(steady.brings_to(gate));
    steady.tell(first);
    CHECK(steady.prints_next("stopping\n"));
    tell_sigint_and_hold(steady, gate);
    CHECK(dies_of_it(steady).where(held_after_kill));
    CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
  auto gate = lab.gate("g");
  auto typed = on_a_terminal("gate g true");
  typed.type("on a terminal\n");
  CHECK(gate.is_reached());
  typed.settle();
  typed.type(key::ctrl_c);
  CHECK(typed.prints("stopping\n"));
  typed.settle();
  typed.type(key::ctrl_c);
  CHECK(typed.dies_of(SIGINT));
}

TEST_CASE("what a SIGINT while it stops takes and what it leaves: all of the job's group, and not STATE"
          * id("whole-group") * points(4) * needs("first-job") * needs("own-group") * needs("sigint-twice") * needs("state")
          * hint("Kill the group, not the process: kill(-pid), with what cannot be ignored. STATE stays: the job has not ended well.")) {
  auto parent = lab.gate("p"), child = lab.gate("c");
  auto steady = steady_with("sh -c");
  // Ended by SIGKILL it must be: a job may ignore what is polite.
  const std::string line = "trap '' TERM; gate c & gate p";
  steady.type(line + "\n");
  CHECK(steady.prints_next("ready\nstart " + line + "\n"));
  CHECK(steady.brings_to(parent));
  CHECK(steady.brings_to(child));
  steady.tell(SIGTERM);
  CHECK(steady.prints_next("stopping\n"));
  tell_sigint_and_hold(steady, parent);
  CHECK(steady.is_gone());
  CHECK(ends_too(parent, "process/group-lives-on"));
  CHECK(ends_too(child, "process/group-lives-on"));
  CHECK(lab.file("state").has_text(line + "\n").where(held_after_kill).hints(goes_on_after_kill, steady.has_printed("end ")));
}

TEST_CASE("SIGHUP: CONFIG is read again, and the next job runs with it"
          * id("sighup") * points(4) * todo(7) * needs("jobs") * needs("let-in")
          * hint("Read CONFIG where the flag is looked at; the job in hand goes on as it is.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto steady = steady_with("gate a true");
  CHECK(steady.prints_next("ready\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(a));
  configure("gate b true");
  steady.tell(SIGHUP);
  CHECK(steady.prints_next("config\n"));
  CHECK(steady.says_nothing());
  let_go(a);
  CHECK(steady.prints_next("end 0 one\n"));
  steady.type("two\n");
  CHECK(steady.prints_next("start two\n"));
  CHECK(steady.brings_to(b).hints("`config` was said, and the next job ran with the words from before: which ones does begin() use?"));
}

TEST_CASE("a CONFIG that is missing or has no word changes nothing, and it is read at no other time"
          * id("config-kept") * points(3) * needs("sighup")
          * hint("Keep the old words until the new ones are known to be usable; and look into the file only when SIGHUP has come.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto steady = steady_with("gate a true");
  CHECK(steady.prints_next("ready\n"));
  unlink("config");
  steady.tell(SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure(" ");
  steady.tell(SIGHUP);
  CHECK(steady.prints_next("config kept\n"));
  configure("gate b true");
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(a));
}

TEST_CASE("SIGUSR1: a status line, idle or busy"
          * id("sigusr1") * points(4) * needs("jobs") * needs("let-in")
          * hint("N is how many jobs have ended since the start.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  steady.tell(SIGUSR1);
  CHECK(steady.prints_next("status 0 idle\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(gate));
  steady.tell(SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n"));
  let_go(gate);
  CHECK(steady.prints_next("end 0 one\n"));
  steady.tell(SIGUSR1);
  CHECK(steady.prints_next("status 1 idle\n"));
}

TEST_SUITE_END();
