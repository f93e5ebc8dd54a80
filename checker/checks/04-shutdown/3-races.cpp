// Lab 04: who comes first, steady or its job, and a SIGKILL at any instant. It is decided each time, by a call held or
// after a fork (checker/play).
#include "words.hpp"

#include <cerrno>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

using namespace shutdown;

namespace {

// SIGINT has come to steady's group: steady says so, and its job goes on to its end.
Verdict ends_its_job(Steady& steady, play::Gate& gate, const std::string& line) {
  if (Verdict stopping = steady.prints_next("stopping\n"); !stopping.passed()) return stopping;
  static_cast<void>(gate.is_reached());  // or it has been hit, and steady says so
  let_go(gate);
  return steady.prints_next("end 0 " + line + "\n").means("process/group-set-too-late", steady.has_printed("end 130 "));
}

const char* forgotten_by(const std::string& instant) { return instant.empty() ? "process/job-forgotten" : "process/note-missing"; }

// Calls that make, change or remove a file, and those that follow such a call soon. Not close(2): the one that installs
// the filter closes something itself.
std::vector<play::WatchedCall> calls_on_files() {
  return {{SYS_openat}, {SYS_openat2}, {SYS_write}, {SYS_writev}, {SYS_pwrite64}, {SYS_truncate}, {SYS_ftruncate}, {SYS_fsync},
          {SYS_unlinkat}, {SYS_renameat}, {SYS_renameat2}, {SYS_clone}, {SYS_clone3}, {SYS_ppoll},
#ifdef SYS_open  // older calls, which newer machines do not have
          {SYS_open}, {SYS_creat}, {SYS_unlink}, {SYS_rename}, {SYS_fork}, {SYS_vfork}, {SYS_poll},
#endif
  };
}

// The job is held before it sets its own group, while SIGINT comes to steady's. A steady that waits for its job before it
// goes on is not asked: it answers nothing yet.
Verdict with_a_late_job(play::Gate& gate) {
  play::BeforeCall at_call(lab.testbed(), {{SYS_setpgid}, {SYS_setsid}});
  auto steady = steady_with("gate g true", at_call.order());
  if (Verdict ready = steady.prints_next("ready\n"); !ready.passed()) return ready;
  at_call.hold([pid = steady.pid()](pid_t who, long) { return who != pid; });
  steady.type("one\n");
  bool goes_on = steady.prints_next("start one\n").passed();
  if (goes_on) {
    steady.tell(SIGUSR1);
    goes_on = steady.prints(" busy one\n").passed();
  }
  if (goes_on) steady.tell_its_group(SIGINT);
  at_call.open();
  if (!goes_on) return Verdict::yes();
  return ends_its_job(steady, gate, "one").where("here the job was held before its own setpgid(), as if it were slow; steady had gone on, and then SIGINT came");
}

// steady is held after fork() until the job stands still as its command.
Verdict with_a_late_steady(play::Gate& gate) {
  auto steady = steady_with("gate g true");
  steady.type("one\n");
  if (Verdict started = steady.prints_next("ready\nstart one\n"); !started.passed()) return started;
  if (Verdict reached = gate.is_reached(); !reached.passed()) return reached;
  play::AtFork forks(lab.testbed(), steady);
  gate.open();
  steady.type("two\n");
  forks.hold_at_next();
  const char* late = "here steady was held after fork(), as if it were slow: the job had become its command before";
  if (Verdict next = steady.prints_next("end 0 one\nstart two\n"); !next.passed()) return next;
  steady.settle();
  if (!steady.has_ended()) steady.send(SIGUSR1);
  if (Verdict answered = steady.prints(" busy two\n"); !answered.passed()) {
    const bool refused = steady.has_complained_of(EACCES);
    return std::move(answered).is_explained_by("process/exec-was-faster", refused).where(late);
  }
  steady.tell_its_group(SIGINT);
  return ends_its_job(steady, gate, "two").where(late);
}

// steady is killed while its job is held before it asks to be killed with it: the kernel will not tell such a job any more.
Verdict with_early_death(play::Gate& gate) {
  play::BeforeCall at_call(lab.testbed(), {{SYS_prctl}});
  auto steady = steady_with("gate e true", at_call.order());
  if (Verdict ready = steady.prints_next("ready\n"); !ready.passed()) return ready;
  at_call.hold([pid = steady.pid()](pid_t who, long) { return who != pid; });
  steady.type("one\n");
  static_cast<void>(steady.prints_next("start one\n").passed());
  play::let_all_come_to_rest(lab.testbed());
  const bool held = at_call.times_held() > 0;
  steady.send(SIGKILL);
  if (Verdict dead = steady.dies_of(SIGKILL); !dead.passed()) return dead;
  at_call.open();
  if (!held || !gate.is_reached().passed()) return Verdict::yes();
  return Verdict::no(play::with_context(lab.testbed(), {"the job does not begin when steady has been killed before it", "it has begun",
             {"here the job was held just before its prctl(), and steady was killed meanwhile"}})).is_explained_by("process/parent-died-before");
}

// Which of the two comes first is free, so both ends are right; a third one is not.
Verdict ends_either_way(Program& steady, const std::string& what_came) {
  const Verdict died = steady.dies_of(SIGINT);
  if (died.passed() || steady.exits_with(0).passed()) return Verdict::yes();
  play::Evidence e = died.evidence();
  e.expected = "it exits with 0 or is ended by SIGINT, for " + what_came + " came at one instant";
  if (died.ended_by(SIGKILL)) e.diagnoses = {"signal/killed-its-own-group"};
  return Verdict::no(std::move(e));
}

// They came at one instant. What is answered only when something else wakes it had been noted, and not looked at.
Verdict answers_all(Steady& steady, const std::vector<std::string>& lines) {
  Verdict answered = steady.prints_in_any_order(lines);
  if (answered.passed() || steady.has_ended()) return answered;
  steady.tell(SIGCHLD);
  if (!steady.prints_in_any_order(lines).passed()) return std::move(answered).means("signal/overwritten");
  return std::move(answered).hints("Each had been noted, and was answered only when something else woke it: one look has to answer every flag before it sleeps.");
}

const char* const still = "It is stopping, and the job in hand may take long: whoever asks meanwhile is answered as before.";

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("signals that come at one instant are all answered, also while it stops"
          * id("one-instant") * points(4) * needs("sigusr1") * needs("sighup") * needs("sigterm") * needs("sigint-twice")
          * hint("One flag for each signal: two that come together must not overwrite each other. And whoever is stopping still answers.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  steady.tell_at_once({SIGUSR1, SIGHUP, SIGUSR1, SIGUSR1});
  CHECK(answers_all(steady, {"config", any_status("idle")}));
  steady.type("two\n");
  CHECK(steady.prints("start two\n"));
  CHECK(steady.brings_to(gate));
  steady.tell_at_once({SIGHUP, SIGTERM, SIGUSR1});
  CHECK(answers_all(steady, {"config", "stopping", any_status("busy two")}));
  steady.tell(SIGUSR1);
  CHECK(steady.prints(" busy two\n").hints(still));
  steady.tell(SIGHUP);
  CHECK(steady.prints("config\n").hints(still));
  // The second word at the same instant as the first, or as the job's end: then there may be no job to kill.
  steady.tell_at_once({SIGINT}, [&] {
    let_go(gate);
    static_cast<void>(gate.is_gone().passed());
  });
  CHECK(ends_either_way(steady, "SIGINT and the end of the job"));
  auto idle = steady_with("gate g true");
  CHECK(idle.prints_next("ready\n"));
  idle.tell_at_once({SIGTERM, SIGINT});
  CHECK(idle.prints_next("stopping\n"));
  CHECK(ends_either_way(idle, "SIGTERM and SIGINT"));
}

TEST_CASE("the job has its group from the first moment on, whichever comes first: steady or the job"
          * id("group") * points(3) * needs("ctrl-c") * needs("sigusr1") * needs("jobs")
          * hint("After fork() nobody knows who runs first. Who calls setpgid(), and what if the other one is faster?")) {
  auto gate = lab.gate("g");
  CHECK(with_a_late_steady(gate));
  CHECK(with_a_late_job(gate));
}

TEST_CASE("SIGKILL: the job dies with it, and the next start does it again"
          * id("sigkill") * points(3) * needs("state")
          * hint("SIGKILL cannot be caught: what the next steady needs must be on disk before. What does it do with a STATE that it finds?")) {
  auto gate = lab.gate("g");
  auto killed = steady_with("gate g true");
  killed.type("one\ntwo\n");
  CHECK(killed.prints_next("ready\nstart one\n"));
  CHECK(killed.brings_to(gate));
  killed.send(SIGKILL);
  CHECK(killed.dies_of(SIGKILL));
  CHECK(ends_too(gate, "process/outlives-its-parent"));
  auto next = steady_again();
  CHECK(does_again(next, "ready\nagain one\n"));
  CHECK(next.brings_to(gate));
  auto early = lab.gate("e");
  CHECK(with_early_death(early));
}

TEST_CASE("STATE outlives any number of steadies that are killed, until the job has ended; one that is torn counts for nothing"
          * id("again") * points(3) * needs("sigkill")
          * hint("Leave STATE there until the job has ended, also where the job was found in it. A line without its newline was never written to its end.")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  write_file("state", "one\n");
  for (int i = 0; i < 2; ++i) {
    auto killed = steady_again();
    CHECK(does_again(killed, "ready\nagain one\n"));
    CHECK(killed.brings_to(gate));
    killed.send(SIGKILL);
    CHECK(killed.dies_of(SIGKILL));
    CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
  auto third = steady_again();
  third.type("three\n");
  CHECK(does_again(third, "ready\nagain one\n"));
  CHECK(third.brings_to(gate));
  third.settle();
  let_go(gate);
  CHECK(third.prints(" one\nstart three\n"));
  CHECK(third.brings_to(gate));
  third.settle();
  let_go(gate);
  CHECK(third.prints(" three\n"));
  CHECK(lab.file("state").is_removed());
  for (const char* torn : {"", "hal"}) {
    write_file("state", torn);
    auto next = steady_again();
    next.type("four\n");
    CHECK(next.prints_next("ready\nstart four\n").where(std::string("here STATE held ") + quote(torn) + " and no newline"));
    CHECK(next.brings_to(gate));
    next.send(SIGKILL);
    CHECK(next.dies_of(SIGKILL));
    CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
}

TEST_CASE("STATE has the job in hand at every instant: wherever steady is killed, the next start does it again"
          * id("every-instant") * points(3) * needs("again")
          * hint("Is the line in STATE before the job is begun? And at `again`: is there an instant in which the file is gone, or empty? rename(2) puts one file in the place of another in one step.")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  // Three are killed in the middle of the job. Each is looked at whenever it asks for a call on files: if the job has begun
  // and STATE lacks it then, that is the instant. A program may keep its note in two places: the next start decides.
  std::string instant;  // in which the one before was killed, where that was chosen
  for (const char* how : {"start", "again", "again"}) {
    const bool first = how == std::string("start"), noted = lab.file("state").text() == "one\n";
    pid_t pid = 0;
    std::string call, found;
    play::BeforeCall at_call(lab.testbed(), calls_on_files());
    if (first || noted) at_call.hold([&](pid_t who, long number) {
      if (who != pid || !call.empty() || (first && play::children_of(who).empty())) return false;
      const play::File state = lab.file("state");
      if (state.text() == "one\n") return false;
      found = !state.exists().passed() ? "there was no STATE" : state.text().empty() ? "STATE was empty" : "STATE held " + quote(state.text());
      call = play::call_name(number);
      return true;
    });
    auto steady = steady_again(at_call.order());
    pid = steady.pid();
    if (first) steady.type("one\ntwo\n");
    const bool begun = gate.is_reached().passed();
    if (!call.empty() && first && !begun) at_call.open();  // its job waits for it: nothing has begun
    const bool held = !call.empty() && (begun || !first) && lab.file("state").text() != "one\n";
    if (!held) {
      CHECK(does_again(steady, std::string("ready\n") + how + " one\n", forgotten_by(instant)).where(instant));
      CHECK(steady.brings_to(gate));
    }
    instant = held ? "the steady before was killed just before its " + call + "(): " + found + " then" : "";
    steady.send(SIGKILL);
    CHECK(steady.dies_of(SIGKILL));
    if (begun || !held) CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
  auto last = steady_again();
  CHECK(does_again(last, "ready\nagain one\n", forgotten_by(instant)).where(instant));
}

TEST_SUITE_END();
