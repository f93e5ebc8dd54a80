// Lab 05: what a program that holds signals back, and lets them in on command, must live through.
#include "check.hpp"

#include "answers.hpp"
#include "stories.hpp"

using namespace delivery;
using play::Evidence;

namespace {

// How many signals strace saw delivered to a handler: it shows no line for one that was accepted.
Verdict were_delivered(int wanted) {
  const std::string text = read_file("strace.out");
  int came = 0;
  for (const std::string& one : split(text, '\n'))
    if (one.find("--- SIG") != std::string::npos) ++came;
  if (came == wanted) return Verdict::yes();
  Evidence e;
  e.expected = wanted == 0 ? "no signal is delivered to a handler"
                           : std::to_string(wanted) + " signals are delivered to handlers";
  e.actual = std::to_string(came) + " were (strace shows a line for each delivery, and none for one that was accepted)";
  return Verdict::no(std::move(e));
}

}  // namespace

TEST_SUITE_BEGIN("05-delivery");

TEST_CASE("it holds exactly what is listed, from before it says ready until the end"
          * id("holds") * points(10)
          * hint("Begin with TODO 1 in labs/05-delivery/order.cpp: sigprocmask(2), before anything is said.")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 TERM RTMIN+1");
    CHECK(is_ready(order));
    CHECK(holds_only(order, {SIGUSR1, SIGTERM, SIGRTMIN + 1}, "signal/not-blocked", "signal/too-much-blocked"));
    order.send(SIGUSR1);
    CHECK(order.has_pending_only({SIGUSR1}));
    CHECK(order.prints_nothing_more());
    order.close_input();
    CHECK(order.prints_nothing_more());
    CHECK(ends_with_some_pending(order));
    auto early = lab.start(way + "USR1 TERM", play::behind_full_output());
    early.leave_output();
    CHECK(early.stays_alive());
    CHECK(early.blocks_only({SIGUSR1, SIGTERM}).means("signal/ready-too-early")
              .where("its standard output was full, so that it slept in the middle of saying ready: this was seen then"));
    early.take_output();
    CHECK(is_ready(early));
    early.send(SIGUSR2);
    CHECK(early.dies_of(SIGUSR2));
  }
}

TEST_CASE("pending names what is pending, lowest first, and takes nothing away"
          * id("pending") * points(5) * needs("holds")
          * hint("sigpending(2) fills a set. Which of its members were listed? sigismember(3) tells. Here two are listed twice, under other names.")) {
  for (const char* way : {"--wait ", ""}) {
    auto order = lab.start(std::string(way) + "RTMIN+3 SIGHUP 10 RTMAX-2 CHLD TERM USR2 USR1 1");
    CHECK(is_ready(order));
    order.type("pending\n");
    CHECK(order.prints_next("pending\n"));
    for (const int s : {SIGRTMAX - 2, SIGUSR1, SIGCHLD, SIGRTMIN + 3, SIGUSR1, SIGHUP}) order.send(s);
    const Signals sent{SIGHUP, SIGUSR1, SIGCHLD, SIGRTMIN + 3, SIGRTMAX - 2};
    for (int times = 0; times < 2; ++times) {
      order.type("pending\n");
      CHECK(order.prints_next("pending HUP USR1 CHLD RTMIN+3 RTMIN+28\n"));
      CHECK(order.has_pending_only(sent).means("signal/pending-taken"));
    }
    CHECK(order.prints_nothing_more());
  }
}

TEST_CASE("with --wait, go reports each signal with number, name, sender and payload"
          * id("accepted") * points(10) * needs("holds")
          * hint("sigtimedwait(2) with no time at all takes one signal and fills a siginfo_t: si_code says which of its fields mean anything.")) {
  reports_each("--wait ");
}

TEST_CASE("with --wait, the lowest number comes first, standard signals merge and real-time ones queue"
          * id("accepted-order") * points(10) * needs("accepted")
          * hint("Take one after the other until the call says EAGAIN. The kernel already has them in the right order.")) {
  reports_merged_and_queued("--wait ");
  reports_lowest_first("--wait ");
}

TEST_CASE("without an option, go lets in what is pending, does not wait for more, and holds it again"
          * id("held-again") * points(5) * needs("holds")
          * hint("To let in is to unblock: what is pending is delivered before that call returns. Then block again, before done is said.")) {
  auto order = lab.start("USR1 RTMIN");
  CHECK(is_ready(order));
  CHECK(counts(order, 0));
  CHECK(order.blocks_only({SIGUSR1, SIGRTMIN}).means("signal/not-held-again"));
  for (int round = 0; round < 5; ++round) {
    order.send(SIGUSR1);
    CHECK(counts(order, 1));
    CHECK(order.blocks_only({SIGUSR1, SIGRTMIN}).means("signal/not-held-again"));
    order.send(SIGRTMIN);
    CHECK(order.has_pending_only({SIGRTMIN}));
    CHECK(order.prints_nothing_more());
    CHECK(counts(order, 1));
  }
  for (int round = 0; round < 10; ++round) {
    order.freeze();
    order.type("go\n");
    order.send(SIGRTMIN);
    CHECK(order.has_pending_only({SIGRTMIN}));
    order.thaw();
    CHECK(order.prints(done(1)));
  }
}

TEST_CASE("without an option, go reports each signal with number, name, sender and payload"
          * id("delivered") * points(10) * needs("held-again")
          * hint("sigaction(2) with SA_SIGINFO hands the handler a siginfo_t: si_code says which of its fields mean anything.")) {
  reports_each("");
}

TEST_CASE("without an option, the lowest number comes first, and no handler interrupts another"
          * id("delivered-order") * points(10) * needs("delivered")
          * hint("sa_mask names the signals that must wait while the handler runs, real-time ones too.")) {
  reports_merged_and_queued("");
  reports_lowest_first("");
}

TEST_CASE("without an option signals are delivered to handlers; with --wait they are accepted, and there is no handler"
          * id("mechanism") * points(5) * needs("accepted") * needs("delivered")
          * hint("Taking a signal with sigtimedwait() calls no handler; unblocking it does.")) {
  const Signals listed{SIGUSR1, SIGRTMIN};
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start_below_strace(way + words(listed), {"-e", "trace=none"});
    CHECK(is_ready(order));
    if (!way.empty()) CHECK(order.catches_none_of(listed).means("signal/delivered-or-accepted"));
    Peer sender(lab.testbed());
    for (const int s : {SIGUSR1, SIGRTMIN, SIGUSR1, SIGRTMIN}) {
      sender.queue(order, s, 7);
      CHECK(lets_in(order, way, line(s, sender, 7)));
    }
    order.close_input();
    CHECK(order.exits_with(0));
    CHECK(were_delivered(way.empty() ? 4 : 0).means("signal/delivered-or-accepted"));
  }
}

TEST_CASE("with --nest another signal interrupts a handler, the same one waits, and the innermost ends first"
          * id("nest") * points(15) * needs("held-again")
          * hint("The kernel holds back a handler's own signal while it runs, and those of its sa_mask. A read that was interrupted has read nothing.")) {
  const int other = SIGRTMIN + 1;
  auto order = lab.start("--nest USR1 TERM RTMIN+1");
  CHECK(is_ready(order));
  order.send(SIGTERM);
  order.type("go\n");
  CHECK(order.prints_next("in TERM\n"));
  CHECK(order.stays_alive());
  CHECK(holds_only(order, {SIGTERM}, "signal/interrupts-itself", "signal/handler-holds-others"));
  order.send(SIGUSR1);
  CHECK(order.prints_next("in USR1\n").means("signal/handler-holds-others"));
  CHECK(order.blocks_only({SIGTERM, SIGUSR1}));
  order.send(SIGUSR1);
  order.send(SIGUSR1);
  order.send(other);
  CHECK(order.prints_next("in RTMIN+1\n"));
  CHECK(order.blocks_only({SIGTERM, SIGUSR1, other}));
  CHECK(order.has_pending_only({SIGUSR1}));
  // One empty line for each: each time the innermost handler, and no other, reads it.
  for (const char* next : {"out RTMIN+1\n", "out USR1\nin USR1\n", "out USR1\n", "out TERM\ndone 4\n"}) {
    order.type("\n");
    CHECK(order.prints_next(next));
    CHECK(order.prints_nothing_more().means("signal/interrupted-read"));
  }
  CHECK(order.blocks_only({SIGUSR1, SIGTERM, other}).means("signal/not-held-again"));
  // Two lines at once: the inner one leaves the second where it is.
  order.send(SIGTERM);
  order.type("go\n");
  CHECK(order.prints_next("in TERM\n"));
  order.send(SIGUSR1);
  CHECK(order.prints_next("in USR1\n"));
  CHECK(order.stays_alive());
  order.type("\n\n");
  CHECK(order.prints_next("out USR1\n"));
  CHECK(order.prints_next("out TERM\ndone 2\n").means("descriptor/read-past-the-line").where("two empty lines were typed at once: one for each handler"));
  order.send(SIGUSR1);
  order.type("go\n");
  CHECK(order.prints_next("in USR1\n"));
  order.close_input();
  CHECK(order.prints_next("out USR1\ndone 1\n"));
  CHECK(order.exits_with(0));
}

TEST_SUITE_END();
