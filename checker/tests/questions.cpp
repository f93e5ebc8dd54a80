// What programs ask the check about before they do it: who asks is not asleep and loses nothing, what they set is known,
// and where the machine does not let them ask, nobody is told more than is known.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "play/hold/before_call.hpp"
#include "play/start/seccomp.hpp"
#include "play/verdict/failure.hpp"
#include "see/calls.hpp"
#include "tests/in_room.hpp"

namespace {

// Starts one of `hangs` and lets it come to its first question, which nobody answers yet.
play::Started& start_asking(play::Testbed& testbed, const std::string& name) {
  auto& started = testbed.start("hangs", {name}, play::Testbed::Tie::streams);
  while (see::stat_of(started.pid)->state != 'S') {}
  return started;
}

play::Evidence said_of_end(play::Testbed& testbed, const play::Started& started) {
  return play::failed_wait(testbed, "it ends", play::wait_until(testbed, [&] { return started.ending.has_value(); }));
}

}  // namespace

TEST_CASE("who asks the check about a call is not asleep, and goes on when the check looks again") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          const auto& started = start_asking(testbed, "alarm-taken-back");
          if (see::call_of(started.pid, started.pid).known != see::Call::Known::running) return "it does not run";
          if (!see::sleeping_calls(started.pid).empty()) return "it sleeps";
          see::Family seen;
          if (testbed.look_twice(seen).kind != see::Motion::runs) return "it is still";
          return said_of_end(testbed, started).actual;
        }) == "it is stuck: nothing here can ever wake it");
}

TEST_CASE("a signal of the check does not interrupt a call that is asked about") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          auto& started = start_asking(testbed, "alarm-then-signal");
          play::Program program(testbed, started);
          program.send(SIGUSR1);
          const play::Verdict said = program.prints("set");
          return said.passed() ? "set" : said.sentence();
        }) == "set");
}

TEST_CASE("who is asleep below a watchdog of a minute is asleep, and nobody is accused") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          auto& started = testbed.start("hangs", {"alarm-of-a-minute"}, play::Testbed::Tie::streams);
          play::Program program(testbed, started);
          if (const play::Verdict alive = program.stays_alive(); !alive.passed()) return alive.sentence();
          const play::Evidence said = said_of_end(testbed, started);
          return said.diagnoses.empty() && said.kind == play::Evidence::Kind::spent ? said.actual : "accused";
        }).starts_with("it waits, and no check waits long enough for what will wake it: hangs "));
}

TEST_CASE("a program whose calls are held is seen to set its timers too") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          play::BeforeCall waits(testbed, {{SYS_wait4, 0, "wait()"}});
          waits.hold([](pid_t, long) { return true; });
          auto& started = testbed.start("waiters", {"alarm-default"}, play::Testbed::Tie::streams, waits.order());
          waits.hold_to_the_last();
          const auto ended = play::wait_until(testbed, [&] { return started.ending.has_value(); });
          return fmt::format("held {}, ended {}", waits.times_held(), ended ? started.ending->status : -1);
        }) == "held 1, ended 0");
}

TEST_CASE("where the machine lets nobody ask, a program runs all the same, and no more is said than is known") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          base::must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
          play::seccomp::Filter without;
          without.refuse(SYS_seccomp, EBUSY);
          without.install();
          play::BeforeCall pauses(testbed, {{SYS_wait4}});
          try {
            testbed.start("hangs", {"input"}, play::Testbed::Tie::streams, pauses.order());
            return "calls could be held";
          } catch (const std::runtime_error&) {
            testbed.clear();
          }
          return said_of_end(testbed, testbed.start("hangs", {"alarm-taken-back"}, play::Testbed::Tie::streams)).actual;
        }) == "it is stuck: nothing that this checker can see will wake it");
}
