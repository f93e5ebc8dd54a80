// Lab 07: beyond the 100 points.
#include <chrono>
#include <fmt/format.h>

#include "words.hpp"

using namespace dispatch;

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("SIGTERM between the last look and the sleep is not lost"
          * id("narrow-window") * points(5) * stretch() * needs("stop") * needs("sleeps")
          * hint("A flag is looked at, SIGTERM comes, and mq_receive(3) sleeps. A signalfd beside the queue in poll(2), or a handler that makes the queue's descriptor O_NONBLOCK, leaves no such moment.")) {
  for (const bool has_worked : {false, true}) {
    const PosixQueue jobs(lab.testbed());
    set_up(jobs, {4, 64});
    auto worker = work_on(jobs);
    if (has_worked) {
      put_all(jobs, {"job"});
      CHECK(worker.prints_next("job\n"));
    }
    let_it_wait(jobs, worker);
    CHECK(worker.stays_alive());
    std::string call;
    {
      const play::BeforeSleep held(lab.testbed(), worker);
      call = held.call();
      worker.send(SIGTERM);
    }
    CHECK(play::unless_lost("SIGTERM", call, worker.exits_with(0)));
  }
}

TEST_CASE("send --timeout SECONDS: 124 when a line found no room in time, and not before; room in time is used"
          * id("timeout") * points(5) * stretch() * needs("full") * needs("try")
          * hint("mq_timedsend(3) wants a moment of CLOCK_REALTIME, not a length of time: now and so much, for each line anew.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {1, 64});
  put_all(jobs, {"there"});
  auto never = send_all(jobs, "no-room\n", {"--timeout", "0"});
  CHECK(never.exits_with(124));
  const auto began = std::chrono::steady_clock::now();
  auto late = send_all(jobs, "no-room\n", {"--timeout", "0.4"});
  CHECK(late.exits_with(124));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  CHECK(Verdict::yes_if(took >= 0.4, "it waits for 0.4 s before it gives up", fmt::format("it took {:.3f} s", took)));
  CHECK(late.names_lines({1}, "was not sent"));
  const std::string text = some_text("in-time");
  auto patient = send_all(jobs, text + "\n", {"--timeout", "600"});
  CHECK(jobs.is_waited_on_by(patient));
  CHECK(Verdict::yes_if(jobs.take().has_value(), "the first message is still there", "it is not"));
  CHECK(patient.exits_with(0));
  CHECK(jobs.counts(1));
}

TEST_CASE("watch says arrived each time that the empty queue gets a message, and takes none; a second watcher is refused"
          * id("watch") * points(5) * stretch() * needs("made")
          * hint("mq_notify(3) tells once, and one process only: register again when it has told. It is silent as long as the queue is not empty.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  auto watcher = start_on(jobs, "watch");
  CHECK(watcher.stays_alive());
  for (int i = 0; i < 3; ++i) {
    put_all(jobs, {"one"});
    CHECK(watcher.prints_next("arrived\n"));
    CHECK(watcher.stays_alive());
    put_all(jobs, {"two"});
    CHECK(watcher.prints_nothing_more());
    CHECK(held_texts(jobs, {"one", "two"}));
  }
  auto second = start_on(jobs, "watch");
  CHECK(second.refuses());
  put_all(jobs, {"one"});
  CHECK(watcher.prints_next("arrived\n"));
}

TEST_SUITE_END();
