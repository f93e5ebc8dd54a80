// Lab 07: told to stop. Each time the worker was seen to stand where the word meets it: asleep on the queue, at a gate, or held
// just after its mq_receive().
#include <sys/syscall.h>

#include "words.hpp"

using namespace dispatch;

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("SIGTERM ends a worker that waits, with 0"
          * id("stop") * points(4) * needs("prints") * todo(6)
          * hint("What ends the sleep when SIGTERM comes? With SA_RESTART nothing does: mq_receive(3) goes back to sleep behind the handler.")) {
  const PosixQueue jobs(lab.testbed()), unused(lab.testbed());
  set_up(jobs, {4, 64});
  set_up(unused, {4, 64});
  auto worker = work_on(jobs);
  const std::string text = some_text("job");
  put_all(jobs, {text});
  CHECK(worker.prints_next(text + "\n"));
  CHECK(stops(jobs, worker));
  auto idle = work_on(unused);
  CHECK(stops(unused, idle));
}

TEST_CASE("SIGTERM ends it also where it was inherited blocked"
          * id("stop-blocked") * points(2) * needs("stop")
          * hint("The mask comes from whoever started it, and exec keeps it. Set what you need yourself.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  auto worker = work_given(jobs, play::inheriting([] { play::block_signals({SIGTERM}); }));
  CHECK(stops(jobs, worker).where("here SIGTERM was blocked when work was started"));
}

TEST_CASE("SIGTERM ends it also where another one has taken the message that woke it"
          * id("stop-faster") * points(2) * needs("stop") * needs("faster")
          * hint("poll(2) told of a message, another one took it, and then mq_receive(3) sleeps: does SIGTERM end that sleep too? With O_NONBLOCK there is no such sleep, but EAGAIN.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {4, 64});
  play::BeforeCall taking(lab.testbed(), {{SYS_mq_timedreceive}});
  auto worker = work_given(jobs, taking.order());
  const std::string text = some_text("job");
  put_all(jobs, {text});
  CHECK(worker.prints_next(text + "\n"));
  let_it_wait(jobs, worker);
  const bool taken = finds_it_taken(jobs, worker, taking);
  if (!taken) CHECK(worker.prints_next("for another one\n"));
  CHECK(stops(jobs, worker).where(taken ? "it was held before mq_receive() while the message that had woken it was taken by another one" : ""));
}

TEST_CASE("SIGTERM while CMD runs: CMD comes to its end, then work ends with 0, although more messages are there"
          * id("stop-in-hand") * points(4) * needs("command") * needs("one-each") * needs("stop")
          * hint("The job in hand is finished, and the next one not begun. A second SIGTERM changes nothing.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  auto gate = lab.gate("job");
  const std::string text = some_text("job");
  put_all(jobs, {text, "for another one", "for another one"});
  auto worker = work_on(jobs, {"gate", "job", "printf", "<%s>"});
  CHECK(gate.is_reached());
  const pid_t at_gate = gate.pid();
  for (int i = 0; i < 2; ++i) {
    worker.settle();  // it waits for its command
    worker.send(SIGTERM);
    Verdict waits = worker.stays_alive();
    const bool killed = waits.ended_by(SIGTERM), ended = worker.has_ended() && !killed, gone = play::has_ended(at_gate);
    CHECK(std::move(waits)
              .is_explained_by("queue/command-killed", gone)
              .hints("work has ended, and its CMD goes on alone: nobody will know how it ends. What has ended work? A handler that does not return, or a wait that took EINTR for the end (waitpid(2)).", ended && !gone)
              .hints("A second SIGTERM has ended work by its default: SA_RESETHAND takes the handler away when it runs.", killed && i == 1));
    CHECK(Verdict::yes_if(!gone, "CMD goes on to its end", "it has ended, where nothing but a signal could end it").is_explained_by("queue/command-killed"));
  }
  gate.open();
  CHECK(worker.prints_next("<" + text + ">"));
  Verdict ends = worker.exits_with(0);
  const bool goes_on = !worker.has_ended() && gate.is_reached_in(lab.testbed().family());
  const bool kept_out = goes_on && worker.has_any_pending() && worker.has_handlers_for({SIGTERM});
  CHECK(std::move(ends).is_explained_by("queue/let-in-only-when-idle", kept_out).is_explained_by("queue/empties-first", goes_on && !kept_out));
  const bool removed = !jobs.count();
  CHECK(jobs.counts(2).hints("The queue stays, whoever ends: only drop takes its name away.", removed));
}

TEST_CASE("SIGTERM when a message is taken and not yet printed: it is printed, or CMD runs for it"
          * id("stop-taken") * points(4) * needs("stop") * needs("one-each")
          * hint("From mq_receive(3) on the message is nowhere but in this program. Look whether to stop before you take one, and not between taking and printing.")) {
  for (const Words& command : {Words{}, Words{"echo"}}) {  // it prints it, or CMD does
    const PosixQueue jobs(lab.testbed());
    set_up(jobs, {4, 64});
    auto worker = work_on(jobs, command);
    const std::string texts[] = {some_text("one"), some_text("two")};
    put_all(jobs, {texts[0]});
    CHECK(worker.prints_next(texts[0] + "\n"));
    let_it_wait(jobs, worker);
    play::AfterCall taken(lab.testbed(), worker, "mq_receive()", [](const play::CallStop& call) { return call.number == SYS_mq_timedreceive; });
    worker.settle();
    put_all(jobs, {texts[1]});
    bool held = taken.comes();
    while (held && jobs.count() == 1) {  // it found nothing, and asks again
      taken.let_go();
      held = taken.comes();
    }
    if (held) worker.send(SIGTERM);
    taken.let_go();
    if (held) CHECK(worker.exits_with(0).where("it was held just after mq_receive() while SIGTERM came"));
    Verdict printed = worker.prints_next(texts[1] + "\n");
    const bool lost = held && ended_by_itself(worker, printed);
    CHECK(std::move(printed).is_explained_by("queue/taken-and-lost", lost));
  }
}

TEST_SUITE_END();
