// Lab 04: a signal on the way to sleep, a stop, a storm; and what a job inherits.
#include "words.hpp"

#include <unistd.h>

using namespace shutdown;

namespace {

constexpr int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

// Run by a program just before it is executed: what a careless parent passes on. Where it blocks, a sixth one too: a job's
// mask is empty, whatever steady itself makes use of.
void inherit(void (*disposition)(int), bool blocked) {
  sigset_t five;
  sigemptyset(&five);
  for (const int s : the_five) {
    std::signal(s, disposition);
    sigaddset(&five, s);
  }
  sigaddset(&five, SIGUSR2);
  if (blocked) sigprocmask(SIG_BLOCK, &five, nullptr);
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("nothing is lost between looking and going to sleep"
          * id("nothing-lost") * points(8) * needs("sleeps") * needs("sigusr1") * needs("sighup") * needs("sigterm")
          * hint("Block the signals, look, and let the call that sleeps let them in: ppoll, pselect, sigsuspend. Or make them readable.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  const auto at_the_door = [](Steady& program, int signal, const std::string& answer) {
    if (Verdict alive = program.lives(); !alive.passed()) return alive;
    std::string call;
    {
      const play::BeforeSleep held(lab.testbed(), program);
      call = held.call();
      program.send(signal);
    }
    return play::unless_lost(play::signal_name(signal), call, program.prints(answer));
  };
  CHECK(at_the_door(steady, SIGUSR1, " idle\n"));
  CHECK(at_the_door(steady, SIGHUP, "config\n"));
  steady.type("one\ntwo\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(gate));
  CHECK(at_the_door(steady, SIGUSR1, " busy one\n"));
  CHECK(at_the_door(steady, SIGHUP, "config\n"));
  CHECK(steady.lives());
  std::string call;
  {
    const play::BeforeSleep held(lab.testbed(), steady);
    call = held.call();
    let_go(gate);
    CHECK(gate.is_gone());
  }
  CHECK(play::unless_lost("the end of the job", call, steady.prints("end 0 one\n")));
  CHECK(steady.prints("start two\n"));
  CHECK(steady.brings_to(gate));
  CHECK(at_the_door(steady, SIGINT, "stopping\n"));
  auto idle = steady_with("gate g true");
  CHECK(idle.prints_next("ready\n"));
  CHECK(at_the_door(idle, SIGTERM, "stopping\n"));
}

TEST_CASE("an interruption is no event: stopped and continued, steady and its job go on"
          * id("interruption") * points(2) * needs("sigusr1")
          * hint("EINTR means: look again. And SIGCHLD comes also when a child stops; waitpid() says whether it has ended.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints("ready\n"));
  const auto interrupt = [](const play::Observed& one) {
    for (int i = 0; i < 3; ++i) {
      one.freeze();
      one.thaw();
    }
  };
  interrupt(steady);
  CHECK(steady.says_nothing());
  steady.type("one\n");
  CHECK(steady.prints_next("start one\n"));
  CHECK(steady.brings_to(gate));
  interrupt(steady);
  CHECK(steady.says_nothing());
  gate.freeze();
  play::wait_until(lab.testbed(), [&] { return steady.has_printed("end "); });  // SIGCHLD is on its way
  CHECK(steady.says_nothing().means("process/stopped-is-not-ended", steady.has_printed("end ")));
  steady.tell(SIGUSR1);
  CHECK(steady.prints_next("status 0 busy one\n").means("process/stopped-is-not-ended", steady.has_printed("end ")));
  gate.thaw();
  CHECK(steady.says_nothing().means("process/stopped-is-not-ended", steady.has_printed("end ")));
  CHECK(steady.brings_to(gate));
  CHECK(steady.lives());
}

TEST_CASE("a storm of signals: safe handlers, every line whole, every job done once"
          * id("storm") * points(3) * needs("nothing-lost") * needs("jobs")
          * hint("Between any two instructions a handler may run: in the middle of printf, in the middle of malloc. Let it set a flag.")) {
  configure("true");
  const play::WatchedHandlers handlers(lab.testbed(), {std::begin(the_five), std::end(the_five)});
  auto steady = steady_again(handlers.order());
  CHECK(steady.prints("ready\n"));
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    const std::string job = std::to_string(i);
    steady.type(job + "\n");
    for (int n = 0; n < 60; ++n)
      for (const int s : {SIGUSR1, SIGHUP, SIGCHLD}) kill(steady.pid(), s);
    Verdict ended = steady.prints("end 0 " + job + "\n");
    if (!ended.passed() && !steady.has_ended()) {  // what is lost on the way to sleep is another case's affair
      steady.tell(SIGUSR1);
      ended = steady.prints("end 0 " + job + "\n");
    }
    if (!ended.passed()) CHECK(handlers.call_only_safe_functions(steady));  // whatever that led to
    CHECK(ended);
    expected += "start " + job + "\nend 0 " + job + "\n";
  }
  CHECK(handlers.call_only_safe_functions(steady));
  steady.tell(SIGTERM);
  const Verdict exited = steady.exits_with(0);
  CHECK(handlers.call_only_safe_functions(steady));
  CHECK(exited);
  CHECK(reports_jobs(steady, expected));
}

TEST_CASE("a job's world: clean signals, whatever steady inherited; and steady itself hears them all the same"
          * id("world") * points(3) * needs("sigterm")
          * hint("fork copies the mask, exec keeps it, and exec keeps what is ignored. steady itself may have inherited a mask too: is the one it sleeps with what you think?")) {
  auto gate = lab.gate("g");
  const std::pair<const char*, std::function<void()>> inheritances[] = {
      {"", [] {}},
      {"here steady had inherited the five signals ignored", [] { inherit(SIG_IGN, false); }},
      {"here steady had inherited the five signals ignored and blocked, and SIGUSR2 blocked", [] { inherit(SIG_IGN, true); }}};
  for (const auto& [what, prepare] : inheritances) {
    auto steady = steady_with("gate g true", play::inheriting(prepare));
    steady.type("one\n");
    CHECK(steady.prints_next("ready\nstart one\n").where(what));
    CHECK(steady.brings_to(gate));
    CHECK(gate.starts_clean({std::begin(the_five), std::end(the_five)}).means("signal/passed-on-to-the-job").where(what));
    steady.settle();
    let_go(gate);
    CHECK(steady.prints_next("end 0 one\n").where(what));
    steady.tell(SIGTERM);
    CHECK(steady.prints_next("stopping\n").where(what));
  }
}

TEST_SUITE_END();
