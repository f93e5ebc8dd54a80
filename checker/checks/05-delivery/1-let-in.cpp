// Lab 05: what a program that holds signals back, and lets them in on command, must live through. Each go that one story
// asks for is the first of a program of its own where a second one is another story's.
#include "check.hpp"

#include "answers.hpp"
#include "stories.hpp"

using namespace delivery;
using play::Evidence;

namespace {

// How many signals strace saw delivered to a handler: it shows no line for one that was accepted.
Verdict were_delivered(int wanted, const play::Report& report) {
  const std::string text = report.text();
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

TEST_CASE("it holds exactly what is listed, and nothing is reported before go"
          * id("holds") * points(4) * todo(1)
          * hint("Which signals are in SigBlk of /proc/PID/status when it has said ready? sigprocmask(2) has three ways to change a mask, and one that sets it.")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 TERM RTMIN+1");
    CHECK(is_ready(order));
    CHECK(holds_only(order, {SIGUSR1, SIGTERM, SIGRTMIN + 1}, "signal/not-blocked", "signal/too-much-blocked"));
    order.send(SIGUSR1);
    CHECK(order.has_pending_only({SIGUSR1}));
    CHECK(order.prints_nothing_more());
    auto another = lab.start(way + "USR1 TERM");
    CHECK(is_ready(another));
    another.send(SIGUSR2);
    CHECK(another.dies_of(SIGUSR2));
  }
}

TEST_CASE("it holds them before it says ready"
          * id("ready") * points(3) * needs("holds")
          * hint("Whoever reads ready may send at once. What has to be done before that line goes out?")) {
  for (const std::string way : {"--wait ", ""}) {
    auto early = lab.start(way + "USR1 TERM", play::behind_full_output());
    early.leave_output();
    CHECK(early.stays_alive());
    CHECK(early.blocks_only({SIGUSR1, SIGTERM}).means("signal/ready-too-early")
              .where("its standard output was full, so that it slept in the middle of saying ready: this was seen then"));
    early.take_output();
    CHECK(is_ready(early));
  }
}

TEST_CASE("at end-of-file it ends with 0, whatever is pending, and reports none of it"
          * id("ends") * points(2) * needs("holds")
          * hint("What is held at the end stays held: nothing is let in or taken but by go.")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 RTMIN");
    CHECK(is_ready(order));
    for (const int s : {SIGUSR1, SIGRTMIN}) order.send(s);
    CHECK(order.has_pending_only({SIGUSR1, SIGRTMIN}));
    order.close_input();
    CHECK(order.prints_nothing_more());
    CHECK(ends_with_some_pending(order));
  }
}

TEST_CASE("pending names what is pending, lowest first, and takes nothing away"
          * id("pending") * points(5) * needs("holds") * todo(2)
          * hint("sigpending(2) fills a set. Which of its members were listed? sigismember(3) tells, for each number up to SIGRTMAX. Here two are listed twice, under other names.")) {
  for (const char* way : {"--wait ", ""}) {
    auto order = lab.start(std::string(way) + "RTMIN+3 SIGHUP 10 RTMAX CHLD TERM USR2 USR1 1");
    CHECK(is_ready(order));
    order.type("pending\n");
    CHECK(order.prints_next("pending\n"));
    for (const int s : {SIGRTMAX, SIGUSR1, SIGCHLD, SIGRTMIN + 3, SIGUSR1, SIGHUP}) order.send(s);
    const Signals sent{SIGHUP, SIGUSR1, SIGCHLD, SIGRTMIN + 3, SIGRTMAX};
    for (int times = 0; times < 2; ++times) {
      order.type("pending\n");
      CHECK(order.prints_next("pending HUP USR1 CHLD RTMIN+3 RTMIN+30\n"));
      CHECK(order.has_pending_only(sent).means("signal/pending-taken"));
    }
    CHECK(order.prints_nothing_more());
  }
}

TEST_CASE("with --wait, go reports each signal with number, name and sender"
          * id("accepted") * points(5) * needs("holds") * todo(3)
          * hint("sigtimedwait(2) with no time at all takes one signal and fills a siginfo_t: si_signo, si_pid.")) {
  auto none = lab.start("--wait USR1 RTMIN");
  CHECK(is_ready(none));
  CHECK(asks_no_clock(none));
  reports_senders("--wait ");
}

TEST_CASE("with --wait, go reports the value of a sigqueue, and none of a kill"
          * id("accepted-value") * points(4) * needs("accepted")
          * hint("si_code says how it was sent, and so which fields of siginfo_t mean anything. The value is a signed int.")) {
  reports_values("--wait ");
}

TEST_CASE("with --wait, go says from kernel of what nobody sent, and of nothing else"
          * id("accepted-kernel") * points(2) * needs("accepted")
          * hint("si_code tells the kernel from a process. A sender that cannot be seen from here has the number 0, and is a sender all the same.")) {
  reports_the_kernel("--wait ");
}

TEST_CASE("with --wait, the lowest number comes first, standard signals merge and real-time ones queue"
          * id("accepted-order") * points(8) * needs("accepted")
          * hint("Take one after the other until the call says EAGAIN. The kernel already has them in the right order.")) {
  reports_merged_and_queued("--wait ");
  reports_lowest_first("--wait ");
}

TEST_CASE("without an option, every listed signal has a handler when it is let in"
          * id("handlers") * points(2) * needs("holds") * todo(4)
          * hint("sigaction(2) once for each listed signal, the last one too. By hand: SigCgt in /proc/PID/status")) {
  const Signals listed{SIGUSR1, SIGHUP, SIGRTMIN + 1};
  auto order = lab.start(words(listed));
  CHECK(is_ready(order));
  if (order.has_handlers_for(listed)) return;
  for (const int s : listed) {  // it may install them for each go
    order.send(s);
    CHECK(counts(order, 1));
  }
}

TEST_CASE("without an option, go lets in what is pending, and does not wait for more"
          * id("let-in") * points(3) * needs("holds") * needs("handlers") * todo(5)
          * hint("To let in is to unblock: what is pending is delivered before that call returns.")) {
  auto none = lab.start("USR1 RTMIN");
  CHECK(is_ready(none));
  CHECK(asks_no_clock(none));
  CHECK(counts(none, 0));
  for (const int s : {SIGUSR1, SIGRTMIN}) {
    auto order = lab.start("USR1 RTMIN");
    CHECK(is_ready(order));
    order.send(s);
    CHECK(order.has_pending_only({s}));
    CHECK(counts(order, 1));
    CHECK(order.has_pending_only({}));
  }
}

TEST_CASE("without an option, all is held again before done is said, and the next go lets in what came since"
          * id("held-again") * points(5) * needs("let-in")
          * hint("Block again before done is said. And a handler is there for more than one signal.")) {
  auto order = lab.start("USR1 RTMIN");
  CHECK(is_ready(order));
  const bool had_handlers = order.has_handlers_for({SIGUSR1, SIGRTMIN});
  CHECK(counts(order, 0));
  for (const int s : {SIGUSR1, SIGRTMIN}) CHECK(order.blocks(s).means("signal/not-held-again"));
  for (int round = 0; round < 3; ++round) {
    order.send(SIGUSR1);
    CHECK(counts(order, 1));
    CHECK(handlers_stay(order, had_handlers, {SIGUSR1, SIGRTMIN}));
    for (const int s : {SIGUSR1, SIGRTMIN}) CHECK(order.blocks(s).means("signal/not-held-again"));
    order.send(SIGRTMIN);
    CHECK(order.has_pending_only({SIGRTMIN}));
    CHECK(order.prints_nothing_more());
    CHECK(counts(order, 1));
  }
  for (int round = 0; round < 10; ++round) {
    const size_t before = order.printed().size();
    order.freeze();
    order.type("go\n");
    order.send(SIGRTMIN);
    CHECK(order.has_pending_only({SIGRTMIN}));
    order.thaw();
    CHECK(counted_since(order, before, 1));
  }
}

TEST_CASE("without an option, go reports each signal with number, name and sender"
          * id("delivered") * points(5) * needs("let-in")
          * hint("sigaction(2) with SA_SIGINFO hands the handler a siginfo_t: si_signo, si_pid.")) {
  reports_senders("");
}

TEST_CASE("without an option, go reports the value of a sigqueue, and none of a kill"
          * id("delivered-value") * points(4) * needs("delivered")
          * hint("si_code says how it was sent, and so which fields of siginfo_t mean anything. The value is a signed int.")) {
  reports_values("");
}

TEST_CASE("without an option, go says from kernel of what nobody sent, and of nothing else"
          * id("delivered-kernel") * points(2) * needs("delivered")
          * hint("si_code tells the kernel from a process. A sender that cannot be seen from here has the number 0, and is a sender all the same.")) {
  reports_the_kernel("");
}

TEST_CASE("without an option, the lowest number comes first, and no handler interrupts another"
          * id("delivered-order") * points(7) * needs("delivered") * needs("held-again")
          * hint("sa_mask names the signals that must wait while the handler runs, real-time ones too.")) {
  reports_merged_and_queued("");
  reports_lowest_first("");
}

TEST_CASE("done says how many go has reported"
          * id("done") * points(2) * needs("accepted") * needs("let-in") * needs("held-again")
          * hint("Who counts, and how often? report() counts what it reports, and each go begins at 0.")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 RTMIN TERM");
    CHECK(is_ready(order));
    Peer sender(lab.testbed());
    for (const int number : {1, 3, 0, 2}) {
      for (int i = 0; i < number; ++i) sender.queue(order, SIGRTMIN, i);
      CHECK(says_how_many(order, number));
    }
  }
}

TEST_CASE("its handlers call async-signal-safe functions only"
          * id("safe") * points(2) * needs("delivered")
          * hint("A handler may run in the middle of printf or malloc. What is given to say a line asks for no memory and takes no lock.")) {
  const play::WatchedHandlers handlers(lab.testbed(), {SIGUSR1}), nested(lab.testbed(), {SIGUSR1});
  auto order = lab.start("USR1", handlers.order());
  CHECK(is_ready(order));
  order.send(SIGUSR1);
  order.type("go\n");
  CHECK(order.prints("10 "));
  CHECK(handlers.call_only_safe_functions(order));
  auto nest = lab.start("--nest USR1", nested.order());
  CHECK(is_ready(nest));
  nest.send(SIGUSR1);
  nest.type("go\n");
  if (!nest.prints_next("in USR1\n").passed()) return;  // that is another case's
  nest.type("\n");
  static_cast<void>(nest.prints("done ").passed());
  CHECK(nested.call_only_safe_functions(nest));
}

TEST_CASE("without an option signals are delivered to handlers; with --wait they are accepted, and there is no handler"
          * id("mechanism") * points(4) * needs("accepted") * needs("let-in") * needs("held-again")
          * hint("Taking a signal with sigtimedwait() calls no handler; unblocking it does.")) {
  const Signals listed{SIGUSR1, SIGRTMIN};
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start_below_strace(way + words(listed), {"-e", "trace=none"});
    CHECK(is_ready(order));
    if (!way.empty()) CHECK(order.catches_none_of(listed).means("signal/delivered-or-accepted"));
    Peer sender(lab.testbed());
    for (const int s : {SIGUSR1, SIGRTMIN, SIGUSR1, SIGRTMIN}) {
      sender.queue(order, s, 7);
      CHECK(counts(order, 1));
    }
    order.close_input();
    CHECK(order.exits_with(0));
    CHECK(were_delivered(way.empty() ? 4 : 0, order.report()).means("signal/delivered-or-accepted"));
  }
}

TEST_SUITE_END();
