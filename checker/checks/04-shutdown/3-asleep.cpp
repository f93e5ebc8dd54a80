// Lab 04: a signal on the way to sleep, a stop, a storm; and what a job inherits.
#include "words.hpp"

#include <fcntl.h>
#include <unistd.h>


using namespace shutdown;

namespace {

constexpr int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

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

Verdict leaks_nothing(const play::Gate& job, const char* diagnosis) {
  Verdict exactly = job.keeps_open({0, 1, 2});
  const bool leaks = !exactly.evidence().too_many.empty();
  return std::move(exactly).means(diagnosis, leaks);
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

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
      const play::BeforeSleep held(lab.testbed(), program);
      call = held.call();
      program.send(signal);
    }
    auto asked = program;
    return play::unless_lost(play::signal_name(signal), call, asked.prints_next(answer));
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
    const play::BeforeSleep held(lab.testbed(), steady);
    call = held.call();
    gate.open();
    CHECK(gate.is_gone());
  }
  CHECK(play::unless_lost("the end of the job", call, steady.prints_next("end 0 one\nstart two\n")));
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
  send_when_asleep(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 idle\n"));
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(gate.is_reached());
  interrupt(steady);
  send_when_asleep(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n"));
  gate.freeze();
  CHECK(steady.has_taken(SIGCHLD));
  send_when_asleep(steady, SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n").means("process/stopped-is-not-ended", steady.has_printed("end ")));
  gate.thaw();
  CHECK(steady.has_taken(SIGCHLD));
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
  auto steady = lab.start({"config", "state"}, play::with_watched_handlers(lab.testbed()));
  CHECK(steady.prints("ready\n"));
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    const std::string job = std::to_string(i);
    steady.type(job + "\n");
    for (int n = 0; n < 60; ++n)
      for (const int s : {SIGUSR1, SIGHUP, SIGCHLD}) kill(steady.pid(), s);
    const Verdict ended = steady.prints("end 0 " + job + "\n");
    if (!ended.passed()) CHECK(play::calls_only_safe_functions(steady));  // whatever that led to
    CHECK(ended);
    expected += "start " + job + "\nend 0 " + job + "\n";
  }
  CHECK(play::calls_only_safe_functions(steady));
  send_when_asleep(steady, SIGTERM);
  const Verdict exited = steady.exits_with(0);
  CHECK(play::calls_only_safe_functions(steady));
  CHECK(exited);
  CHECK(reports_jobs(steady, expected));
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
    lab.note(std::string("let it inherit: ") + what);
    auto steady = lab.start({"config", "state"}, play::inheriting(prepare));
    steady.type("one\n");
    CHECK(steady.prints_next("ready\nstart one\n"));
    CHECK(gate.is_reached());
    CHECK(gate.starts_clean({std::begin(the_five), std::end(the_five)}).means("signal/passed-on-to-the-job"));
    CHECK(gate.has_file(0, "/dev/null"));
    CHECK(gate.shares(1, steady, 1));
    CHECK(gate.shares(2, steady, 2));
    CHECK(leaks_nothing(gate, "process/descriptor-leaked"));
    gate.open();
    CHECK(steady.prints_next("end 0 one\n"));
    send_when_asleep(steady, SIGTERM);
    CHECK(steady.prints_next("stopping\n"));
    CHECK(steady.exits_with(0));
  }
}

TEST_SUITE_END();
