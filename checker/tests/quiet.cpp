// The two halves of "nothing can move any more": who only waits is never called stuck, and who is stuck is called so,
// at once, with process, call, object and holder.
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "base/text.hpp"
#include "play/hold/before_call.hpp"
#include "play/start/ptrace.hpp"
#include "tests/in_room.hpp"

namespace {

using play::Waited;

const char* const waiters[] = {"usleep",
                               "poll",
                               "ppoll",
                               "select",
                               "condition-variable",
                               "sem_timedwait",
                               "sleeping-thread",
                               "computing-child",
                               "timerfd-epoll",
                               "timerfd-read",
                               "timerfd-of-a-thread",
                               "terminal-time",
                               "deferred-accept",
                               "posix-timer",
                               "alarm-pause",
                               "alarm-sigwait",
                               "socket-timeout",
                               "vfork",
                               "ping-pong",
                               "nagle",
                               "twenty-sleepers",
                               "many-forks",
                               "fsync",
                               "stopped-and-continued"};

// "ended 0" when it was let live until it ended by itself; otherwise what was said of it.
std::string judged(play::Testbed& testbed, const std::string& program, const std::string& name, room::Order order) {
  auto& started = testbed.start(program, {name}, play::Testbed::Tie::streams, std::move(order));
  testbed.set_budget({20, 60});
  const Waited waited = play::wait_until(testbed, [&] { return started.ending.has_value(); });
  if (waited) return fmt::format("ended {}", started.ending->status);
  return "called stuck: " + base::join(testbed.story_of(waited.family).lines, " / ");
}

std::string judge(const std::string& program, const std::string& name) {
  return tests::in_room([&](play::Testbed& testbed) { return judged(testbed, program, name, {}); });
}

std::string judge_waiter(const std::string& name) { return judge("waiters", name); }

struct Judged {
  std::string outcome, story, diagnoses;
  double ms = 0;
};

Judged judge_hang(const std::string& name, bool on_terminal = false) {
  const std::string answer = tests::in_room([&](play::Testbed& testbed) {
    const auto tie = on_terminal ? play::Testbed::Tie::terminal : play::Testbed::Tie::streams;
    auto& started = testbed.start("hangs", {name}, tie);
    if (name != "input" && name != "self-pipe" && !on_terminal) started.close_input();
    const auto start = std::chrono::steady_clock::now();
    const Waited waited = play::wait_until(testbed, [&] { return started.ending.has_value(); });
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    const see::Story story = testbed.story_of(waited.family);
    const char* outcome = waited                                     ? "ended"
                          : waited.outcome == Waited::Outcome::spent ? "spent"
                          : story.waits_for_check                    ? "waits for check"
                                                                     : "stuck";
    return fmt::format("{}\n{}\n{}\n{}", outcome, base::join(story.lines, " / "), base::join(story.diagnoses, " "), ms);
  });
  const auto lines = base::split(answer, '\n');
  return {lines.at(0), lines.at(1), lines.at(2), std::stod(lines.at(3))};
}

}  // namespace

TEST_CASE("who only waits for the clock, a child or a packet is never called stuck") {
  for (int i = 0; i < tests::repetitions(); ++i)
    for (const char* name : waiters) {
      INFO(std::string(name));
      CHECK(judge_waiter(name) == "ended 0");
    }
}

TEST_CASE("nor beside four processes that take all the CPU they get") {
  const tests::Spinner a, b, c, d;
  for (int i = 0; i < tests::repetitions(); i += 4)
    for (const char* name : waiters) {
      INFO(std::string(name));
      CHECK(judge_waiter(name) == "ended 0");
    }
}

TEST_CASE("a timer that ends a program which has said nothing of it is waited for, unless it was taken back") {
  for (int i = 0; i < tests::repetitions(); ++i)
    for (const char* name : {"alarm-default", "setitimer-default", "alarm-watchdog", "alarm-own-filter"}) {
      INFO(std::string(name));
      CHECK(judge("waiters", name) == "ended 0");
    }
  CHECK(judge("hangs", "alarm-taken-back").starts_with("called stuck"));
}

TEST_CASE("every class of hang is called stuck, and described with its call, object and holder") {
  struct Expected {
    const char* name;
    const char* story;
    const char* diagnoses;
  };
  const Expected all[] = {
      {"write-end-in-parent", "blocked in read(3) on pipe A / pipe A still has these write ends: hangs 2 (fd 4)",
       "pipe/write-end-kept-open"},
      {"write-end-in-reader", "pipe A still has these write ends: hangs 3 (fd 4)", "pipe/reader-has-write-end"},
      {"write-end-in-sibling", "blocked in read(3) on pipe A", "pipe/end-leaked-to-a-stage"},
      {"full-pipe-own-read-end", "blocked in write(4) on pipe A, which is full", "pipe/writer-has-read-end"},
      {"full-pipe-no-reader-yet", "blocked in write(4) on pipe A, which is full", "pipe/reader-not-started"},
      {"fifos-in-one-order", "blocked in open(\"a\") for reading", ""},
      {"fifo-both-ways", "blocked in read(3) on the FIFO f", ""},
      {"stopped-child", "waits for its child 3 / └ hangs 3   is stopped", ""},
      {"thread-join", "waits in pause for a signal", ""},
      {"leader-ended", "its main thread has ended /           blocked in read(3) on pipe A / pipe A still has these write ends: hangs 2 (fd 4)",
       "pipe/reader-has-write-end"},
      {"lost-wake-up", "hangs 2   waits in pause for a signal", ""},
      {"sigwait", "waits in sigwait for SIGUSR1, SIGTERM", ""},
      {"empty-mq", "blocked in mq_receive(3) on message queue /jobs (0 bytes in it)", ""},
      {"full-mq", "blocked in mq_send(3) on message queue /jobs (2 bytes in it)", ""},
      {"empty-sysv-queue", "blocked in msgrcv on message queue", ""},
      {"full-sysv-queue", "(4 messages, 16384 of 16384 bytes)", ""},
      {"two-locks", "blocked in semop on semaphore 1 of set", ""},
      {"named-semaphore", "waits in futex for the semaphore /permits (value 0)", ""},
      {"shared-semaphore", "waits in futex for a word of memory it shares", ""},
      {"owner-died", "waits in futex for a word of memory it shares", ""},
      {"accept", "blocked in accept(3) on a socket", ""},
      {"peer-kept-open", "blocked in recv(3) on a socket", ""},
      {"flock", "blocked in flock(4) on lock, which 2 has locked", ""},
      {"record-lock", "blocked in fcntl(4) on lock, which 2 has locked", ""},
      {"poll", "blocked in poll(3) on pipe A", "pipe/reader-has-write-end"},
      {"select", "blocked in select(3) on pipe A", "pipe/reader-has-write-end"},
      {"epoll", "blocked in epoll_wait(3) on pipe A", "pipe/reader-has-write-end"},
      {"poll-two-pipes", "blocked in poll(3, 5) on pipe A, pipe B", "pipe/reader-has-write-end"},
      {"poll-pipe-and-socket", "blocked in poll(3, 5) on a socket, pipe A", ""},
#ifdef SYS_futex_waitv
      {"futex-waitv", "waits in futex_waitv for a word of its own memory, a word of memory it shares", ""},
#endif
      {"vfork", "waits in pause for a signal", ""},
  };
  for (int i = 0; i < tests::repetitions(); ++i)
    for (const Expected& e : all) {
      const Judged judged = judge_hang(e.name);
      INFO(std::string(e.name));
      CAPTURE(judged.story);
      CHECK(judged.outcome == "stuck");
      // On a rung without pids of its own the numbers differ; what is blocked where does not.
      if (tests::rung() == room::Rung::namespaces) CHECK(judged.story.find(e.story) != std::string::npos);
      CHECK(judged.diagnoses == e.diagnoses);
    }
}

TEST_CASE("a background reader of the terminal is told as stopped") {
  const Judged judged = judge_hang("terminal-from-behind", true);
  CHECK(judged.outcome == "stuck");
  CHECK(judged.story.find("is stopped") != std::string::npos);
}

TEST_CASE("what waits for the check itself is told so, and nobody is accused") {
  for (const char* name : {"input", "self-pipe"}) {
    INFO(std::string(name));
    const Judged judged = judge_hang(name);
    CHECK(judged.outcome == "waits for check");
    CHECK(judged.story.find("on the input that this check gives") != std::string::npos);
    CHECK(judged.diagnoses.empty());
  }
}

TEST_CASE("a parent asleep in vfork is quiet too while the check holds its child") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          auto& started = testbed.start("hangs", {"vfork"}, play::Testbed::Tie::streams);
          const auto its_children = [&] { return see::children_of(started.pid); };
          if (!play::wait_until(testbed, [&] { return !its_children().empty(); })) return "no child came";
          testbed.hold(its_children().front(), "as a test");
          const Waited waited = play::wait_until(testbed, [&] { return started.ending.has_value(); });
          return waited.outcome == Waited::Outcome::quiet ? "quiet" : "not: " + waited.why;
        }) == "quiet");
}

TEST_CASE("who is held by this check as its tracer is quiet") {
  CHECK(tests::in_room([](play::Testbed& testbed) -> std::string {
          const auto& started = testbed.start("hangs", {"input"}, play::Testbed::Tie::streams);
          const auto nothing = [] { return false; };
          if (play::wait_until(testbed, nothing).outcome != Waited::Outcome::quiet) return "it is not asleep";
          play::seize(started.pid, 0);
          ptrace(PTRACE_INTERRUPT, started.pid, nullptr, nullptr);
          const Waited waited = play::wait_until(testbed, nothing);
          play::release(started.pid);
          return waited.outcome == Waited::Outcome::quiet ? "quiet" : waited.why;
        }) == "quiet");
}

namespace {

// What is said of a hang whose budget is this when it was spent, and what still came in it.
std::pair<std::string, std::string> spent_by(const std::string& name, play::Budget budget) {
  const std::string answer = tests::in_room([&](play::Testbed& testbed) {
    auto& started = testbed.start("hangs", {name}, play::Testbed::Tie::streams);
    testbed.set_budget(budget);
    const Waited waited = play::wait_until(testbed, [&] { return started.ending.has_value(); });
    return waited.outcome == Waited::Outcome::spent ? waited.why + "\n" + waited.progress : std::string("not spent\n");
  });
  const auto lines = base::split(answer, '\n');
  return {lines.at(0), lines.size() > 1 ? lines[1] : ""};
}

}  // namespace

TEST_CASE("memory that no process has mapped counts too") {
  for (const char* name : {"memfds", "sockets"}) {
    INFO(std::string(name));
    CHECK(spent_by(name, {20, 30}).first.find("MiB of memory") != std::string::npos);
  }
}

TEST_CASE("a wait for a CPU excuses only a bounded time") {
  const auto start = std::chrono::steady_clock::now();
  const std::string why = spent_by("unseen-and-nice", {5, 1}).first;
  CAPTURE(why);
  CHECK(why.starts_with("it "));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));
}

TEST_CASE("who used up a budget is said to get on, or to repeat itself") {
  const auto [printing, news] = spent_by("prints", {5, 1});
  CAPTURE(printing);
  CHECK(printing.find("still gets on: it prints") != std::string::npos);
  CHECK(news.starts_with("it prints"));
  const auto [spinning, nothing] = spent_by("spins", {0.5, 30});
  CAPTURE(spinning);
  CHECK(spinning.starts_with("it is still busy"));
  CHECK(nothing.empty());
}

TEST_CASE("who still gets on is waited for longer than who repeats itself, and not for ever") {
  const auto judge = [](const std::string& script) {
    return tests::in_room([&](play::Testbed& testbed) {
      auto& shell = testbed.start_path("/bin/sh", {"-c", script}, play::Testbed::Tie::streams);
      testbed.set_budget({20, 1});
      const double begun = testbed.seconds();
      const Waited waited = play::wait_until(testbed, [&] { return shell.ending.has_value(); });
      const double took = testbed.seconds() - begun;
      return waited ? took > 1 ? "ended" : "ended too soon to be a test" : took < 20 ? "spent" : "waited for too long";
    });
  };
  CHECK(judge("for i in 1 2 3 4 5 6 7; do echo $i; sleep 0.2; done") == "ended");
  CHECK(judge("while echo on; do sleep 0.1; done") == "spent");
}

TEST_CASE("the same question asked twice has the same answer") {
  const std::string answers = tests::in_room([](play::Testbed& testbed) {
    auto& started = testbed.start("hangs", {"full-pipe-no-reader-yet"}, play::Testbed::Tie::streams);
    const Waited waited = play::wait_until(testbed, [&] { return started.ending.has_value(); });
    const std::string first = base::join(testbed.story_of(waited.family).diagnoses, " ");
    return first + "\n" + base::join(testbed.story_of(waited.family).diagnoses, " ");
  });
  CHECK(answers == "pipe/reader-not-started\npipe/reader-not-started");
}
