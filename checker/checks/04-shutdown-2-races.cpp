// Lab 04: what may come at any instant: a SIGKILL, a signal on the way to sleep, a stop, a storm; and what a job
// inherits. Who comes first is decided each time: by a turnstile, after a fork, at the door (checker/play).
#include "04-shutdown-words.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/door.hpp"
#include "play/forks.hpp"
#include "play/handlers.hpp"
#include "play/turnstile.hpp"
#include "see/calls.hpp"

using namespace shutdown;

namespace {

constexpr int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

Verdict no(const std::string& expected, const std::string& actual) { return Verdict::no({expected, actual, {}, {}, {}, {}}); }

// The five signals as the job has them: neither blocked nor ignored.
Verdict has_clean_signals(const play::Gate& job) {
  const auto status = see::status_of(job.pid());
  std::string bad;
  for (const int s : the_five) {
    if (!status || (status->blocked >> (s - 1) & 1) != 0) bad += " " + see::signal_name(s) + " blocked";
    if (!status || (status->ignored >> (s - 1) & 1) != 0) bad += " " + see::signal_name(s) + " ignored";
  }
  if (bad.empty() && status->blocked == 0) return Verdict::yes();
  return no("the job starts with no signal blocked and the five at their default", "it has" + (bad.empty() ? " others blocked" : bad));
}

// SIGINT has come to steady's group: steady says so, and its job goes on to its end.
Verdict ends_its_job(Program& steady, play::Gate& gate, const std::string& line) {
  if (Verdict stopping = steady.prints_next("stopping\n"); !stopping.holds()) return stopping;
  static_cast<void>(gate.is_reached());  // or it has been hit, and steady says so
  let_go(gate);
  return named(steady.prints_next("end 0 " + line + "\n"), steady, "end 130 ", "process/group-set-too-late");
}

const char* forgotten_by(const std::string& instant) { return instant.empty() ? "process/job-forgotten" : "process/note-missing"; }

// Calls that make, change or remove a file, and those that follow such a call soon. Not close(2): the one that installs
// the filter closes something itself.
std::vector<play::Watch> calls_on_files() {
  return {{SYS_openat}, {SYS_openat2}, {SYS_write}, {SYS_writev}, {SYS_pwrite64}, {SYS_truncate}, {SYS_ftruncate}, {SYS_fsync},
          {SYS_unlinkat}, {SYS_renameat}, {SYS_renameat2}, {SYS_clone}, {SYS_clone3}, {SYS_ppoll},
#ifdef SYS_open  // older calls, which newer machines do not have
          {SYS_open}, {SYS_creat}, {SYS_unlink}, {SYS_rename}, {SYS_fork}, {SYS_vfork}, {SYS_poll},
#endif
  };
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

// The job is held before it sets its own group, while SIGINT comes to steady's. A steady that waits for its job before it
// goes on is not asked: it answers nothing yet.
Verdict with_a_late_job(play::Gate& gate) {
  play::Turnstile turnstile(lab.stage(), {{SYS_setpgid}, {SYS_setsid}});
  auto steady = steady_with("gate g true", turnstile.order());
  if (Verdict ready = steady.prints_next("ready\n"); !ready.holds()) return ready;
  turnstile.hold([pid = steady.pid()](pid_t who, long) { return who != pid; });
  steady.type("one\n");
  bool goes_on = steady.prints_next("start one\n").holds();
  if (goes_on) {
    tell(steady, SIGUSR1);
    goes_on = steady.prints_next("status 0 busy one\n").holds();
  }
  if (goes_on) steady.send_to_group(SIGINT);
  turnstile.open();
  if (!goes_on) return Verdict::yes();
  return ends_its_job(steady, gate, "one").where("here the job was held before its own setpgid(), as if it were slow; steady had gone on, and then SIGINT came");
}

// steady is held after fork() until the job stands still as its command.
Verdict with_a_late_steady(play::Gate& gate) {
  auto steady = steady_with("gate g true");
  steady.type("one\n");
  if (Verdict started = steady.prints_next("ready\nstart one\n"); !started.holds()) return started;
  if (Verdict reached = gate.is_reached(); !reached.holds()) return reached;
  play::Forks forks(lab.stage(), steady);
  gate.open();
  steady.type("two\n");
  forks.hold_at_next();
  const char* late = "here steady was held after fork(), as if it were slow: the job had become its command before";
  if (Verdict next = steady.prints_next("end 0 one\nstart two\n"); !next.holds()) return next;
  play::let_it_settle(lab.stage(), steady);
  if (const auto stat = see::stat_of(steady.pid()); stat && stat->state != 'Z') steady.send(SIGUSR1);
  if (Verdict answered = steady.prints_next("status 1 busy two\n"); !answered.holds()) {
    const bool refused = steady.complained().find(strerror(EACCES)) != std::string::npos;
    if (refused) answered = std::move(answered).is_explained_by("process/exec-was-faster");
    return std::move(answered).where(late);
  }
  steady.send_to_group(SIGINT);
  return ends_its_job(steady, gate, "two").where(late);
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("the job has its group from the first moment on, whichever comes first: steady or the job"
          * id("group") * points(5) * needs("ctrl-c") * needs("sigusr1")
          * hint("After fork() nobody knows who runs first. Who calls setpgid(), and what if the other one is faster?")) {
  auto gate = lab.gate("g");
  CHECK(with_a_late_steady(gate));
  CHECK(with_a_late_job(gate));
}

TEST_CASE("SIGKILL: the job dies with it, and the next start does it again"
          * id("sigkill") * points(5) * needs("state")
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

TEST_CASE("STATE has the job in hand at every instant: wherever steady is killed, the next start does it again"
          * id("every-instant") * points(5) * needs("sigkill")
          * hint("Is the line in STATE before the job is begun? And at `again`: is there an instant in which the file is gone, or empty? rename(2) puts one file in the place of another in one step.")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  // Three are killed in the middle of the job. Each is looked at whenever it asks for a call on files: if the job has begun
  // and STATE lacks it then, that is the instant. A program may keep its note in two places: the next start decides.
  std::string instant;  // in which the one before was killed, where that was chosen
  for (const char* how : {"start", "again", "again"}) {
    const bool first = how == std::string("start"), noted = play::File(lab.stage(), "state").text() == "one\n";
    pid_t pid = 0;
    std::string call, found;
    play::Turnstile turnstile(lab.stage(), calls_on_files());
    if (first || noted) turnstile.hold([&](pid_t who, long number) {
      if (who != pid || !call.empty() || (first && see::children_of(who).empty())) return false;
      const play::File state(lab.stage(), "state");
      if (state.text() == "one\n") return false;
      found = !state.exists().holds() ? "there was no STATE" : state.text().empty() ? "STATE was empty" : "STATE held " + base::quote(state.text());
      call = see::name_of(number);
      return true;
    });
    auto steady = lab.start("config state", turnstile.order());
    pid = steady.pid();
    if (first) steady.type("one\ntwo\n");
    const bool begun = gate.is_reached().holds();
    if (!call.empty() && first && !begun) turnstile.open();  // its job waits for it: nothing has begun
    const bool held = !call.empty() && (begun || !first) && play::File(lab.stage(), "state").text() != "one\n";
    if (!held) {
      CHECK(does_again(steady, std::string("ready\n") + how + " one\n", forgotten_by(instant)).where(instant));
      CHECK(gate.is_reached());
    }
    instant = held ? "the steady before was killed just before its " + call + "(): " + found + " then" : "";
    steady.send(SIGKILL);
    CHECK(steady.dies_of(SIGKILL));
    CHECK(ends_too(gate, "process/outlives-its-parent"));
  }
  auto last = lab.start("config state");
  CHECK(does_again(last, "ready\nagain one\n", forgotten_by(instant)).where(instant));
}

TEST_CASE("nothing is lost between looking and going to sleep, and it sleeps without a clock"
          * id("nothing-lost") * points(15) * needs("sigusr1") * needs("ctrl-c")
          * hint("Block the signals, look, and let the call that sleeps let them in: ppoll, pselect, sigsuspend. Or make them readable.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  CHECK(steady.sleeps().means("process/woken-by-a-clock"));
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
  CHECK(steady.sleeps().means("process/woken-by-a-clock"));  // although a line waits
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
  CHECK(steady.sleeps().means("process/woken-by-a-clock"));  // although end-of-file waits
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
          * id("storm") * points(5) * needs("nothing-lost") * needs("group")
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
    const Verdict ended = steady.prints("end 0 " + job + "\n");
    if (!ended.holds()) CHECK(play::calls_only_safe_functions(steady));  // whatever that led to
    CHECK(ended);
    expected += "start " + job + "\nend 0 " + job + "\n";
  }
  CHECK(play::calls_only_safe_functions(steady));
  tell(steady, SIGTERM);
  const Verdict exited = steady.exits_with(0);
  CHECK(play::calls_only_safe_functions(steady));
  CHECK(exited);
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
    CHECK(has_clean_signals(gate).means("signal/passed-on-to-the-job"));
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
