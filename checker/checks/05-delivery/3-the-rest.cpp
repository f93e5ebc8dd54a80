// Lab 05: sending, thousands at once, what was inherited, words that are wrong, and the goals beyond.
#include "check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "answers.hpp"
#include "stories.hpp"

using namespace delivery;
using play::Evidence;

namespace {

std::string lines_of(const std::vector<Peer::Taken>& all) {
  std::string text;
  for (const Peer::Taken& t : all) {
    text += std::to_string(t.number) + " " + name(t.number) + " from " + t.sender.text();
    text += t.code == SI_QUEUE ? " by sigqueue, value " + std::to_string(t.value) + "\n" : " by kill\n";
  }
  return text;
}

// The lines without what stands behind `by`: the same signals, whichever call sent them.
std::string without_call(const std::string& text) {
  std::string all;
  for (const std::string& one : split(text, '\n')) all += one.substr(0, one.find(" by ")) + "\n";
  return all;
}

// The lines whatever their order, and without the values.
std::string in_any_order(const std::string& text) {
  std::vector<std::string> all = split(text, '\n');
  std::sort(all.begin(), all.end());
  return join(all, "\n");
}
std::string without_values(const std::string& text) {
  std::string all;
  for (const std::string& one : split(text, '\n')) all += one.substr(0, one.find(", value ")) + "\n";
  return all;
}

Verdict arrives(Peer& at, const std::string& expected) {
  const std::string came = lines_of(at.take());
  if (came == expected) return Verdict::yes();
  Evidence e;
  e.expected = expected.empty() ? "nothing is sent" : "what was asked for arrives";
  e.actual = came.empty() ? "nothing arrived" : "something else did";
  show(e.lines, "it should be:", expected);
  show(e.lines, "it was:", came);
  if (in_any_order(expected) == in_any_order(came)) e.hint = "All of it came, in another order: the words are sent from the first to the last.";
  else if (without_values(expected) == without_values(came)) e.hint = "Each was sent by the right call, and the values are others. The number goes into sival_int: in a union with it, sival_ptr is an address.";
  else if (without_call(expected) == without_call(came)) e.diagnoses = {"signal/kill-or-sigqueue"};
  return Verdict::no(std::move(e));
}

// The line of its standard error that names the word has the reason too: as strerror(3) words it, or by its name.
Verdict gives_reason(const Program& sender, const std::string& word, int error) {
  const std::string said = sender.complained(), text = strerror(error);
  for (const std::string& one : split(said, '\n'))
    if (one.find(word) != std::string::npos && (one.find(text) != std::string::npos || one.find(strerrorname_np(error)) != std::string::npos)) return Verdict::yes();
  Evidence e;
  e.expected = "it says of " + word + " why it was refused: " + quote(text);
  e.actual = "it does not";
  show(e.lines, "it wrote on standard error:", said);
  return Verdict::no(std::move(e)).means("signal/reason-not-told");
}

bool named_in(const std::string& said, const std::string& refused) { return said.find(refused) != std::string::npos; }

const char* const as_given = "Each refused one is a line of its own on standard error, and named as it was given, value and all: RTMIN=8.";
const char* const to_output = "It was written to standard output. Refusals go to standard error.";
const char* const status_is_1 = "What was refused has been told, and the others were sent. The exit status tells it too: 1, whatever the reason.";

}  // namespace

TEST_SUITE_BEGIN("05-delivery");

TEST_CASE("send uses kill or sigqueue, one by one, in the order given"
          * id("send") * points(5) * todo(7)
          * hint("kill(2) takes a number, sigqueue(3) a number and a value: 0 is a value too.")) {
  Peer receiver(lab.testbed());
  const std::string to = "send " + receiver.pid().text() + " ";
  const int some = std::uniform_int_distribution(2, 1 << 30)(lab.dice());
  auto sender = lab.start(to + "TERM=0 USR1 RTMIN+1=" + std::to_string(-some) + " RTMIN+1 RTMIN+1=2147483647");
  CHECK(sender.exits_with(0));
  const std::string from = " from " + sender.inside().text() + " by ", other = "35 RTMIN+1" + from;
  CHECK(arrives(receiver, "10 USR1" + from + "kill\n15 TERM" + from + "sigqueue, value 0\n" + other + "sigqueue, value " +
                              std::to_string(-some) + "\n" + other + "kill\n" + other + "sigqueue, value 2147483647\n"));
  CHECK(sender.prints_nothing_more());
}

TEST_CASE("send names what was refused, with the reason, and sends the others all the same"
          * id("send-refused") * points(4) * needs("send")
          * hint("Both calls can refuse: look at each result, and at errno right after it.")) {
  Peer receiver(lab.testbed());
  const std::string to = "send " + receiver.pid().text() + " ";
  auto sender = lab.start(to + "USR1");
  CHECK(sender.exits_with(0));
  CHECK(arrives(receiver, "10 USR1 from " + sender.inside().text() + " by kill\n"));
  receiver.limit_pending(0);
  const std::string full = "the receiver has no room for queued signals (its RLIMIT_SIGPENDING is 0): USR1 alone can be sent";
  auto refused = lab.start(to + "RTMIN=8 USR1 RTMIN=9");
  Verdict failed = refused.exits_with(1);
  const bool told_both = named_in(refused.complained(), "RTMIN=8") && named_in(refused.complained(), "RTMIN=9");
  CHECK(std::move(failed).means("signal/queue-full", !told_both).hints(status_is_1, told_both).where(full));
  CHECK(refused.complains_times("RTMIN=8", 1).hints(as_given).hints(to_output, named_in(refused.printed(), "RTMIN=8")).where(full));
  CHECK(refused.complains_times("RTMIN=9", 1).means("signal/queue-full").where(full));
  CHECK(gives_reason(refused, "RTMIN=8", EAGAIN).where(full));
  CHECK(arrives(receiver, "10 USR1 from " + refused.inside().text() + " by kill\n").means("signal/queue-full"));
  auto nobody = lab.start("send 4194304 USR1");  // no process can have this number
  CHECK(nobody.exits_with(1));
  CHECK(nobody.complains("USR1"));
  CHECK(gives_reason(nobody, "USR1", ESRCH));
}

TEST_CASE("of thousands none is lost, and each number comes in the order sent"
          * id("storm") * points(3) * needs("done") * needs("accepted-order") * needs("delivered-order") * needs("accepted-value") * needs("delivered-value")
          * hint("Real-time signals queue in the kernel. Where did yours have too little room?")) {
  storm("--wait ");
  storm("");
}

TEST_CASE("what it inherited does not matter: a mask for none of them, ignored signals for the listed ones"
          * id("inherited") * points(3) * needs("holds") * needs("accepted") * needs("let-in") * needs("held-again")
          * hint("exec keeps the signal mask and the ignored signals. Set what you need yourself.")) {
  const std::string heard = "it was started with USR1, USR2 and RTMIN blocked, TERM and RTMIN ignored";
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 TERM RTMIN HUP", play::inheriting([] {
      play::block_signals({SIGUSR1, SIGUSR2, SIGRTMIN});
      play::ignore_signals({SIGTERM, SIGRTMIN});
    }));
    CHECK(is_ready(order));
    CHECK(order.blocks_only({SIGUSR1, SIGTERM, SIGRTMIN, SIGHUP}).means("signal/inherited").where(heard));
    Peer sender(lab.testbed());
    for (int round = 0; round < 2; ++round)
      for (const int s : {SIGUSR1, SIGTERM, SIGRTMIN, SIGHUP}) {
        sender.kill(order, s);
        CHECK(order.has_pending_only({s}));
        CHECK(counts(order, 1).means("signal/inherited").where(heard));
      }
  }
}

TEST_CASE("a wrong word is one line on standard error, and on; a wrong command line is refused with 2, and nothing is sent"
          * id("words") * points(3) * needs("holds") * needs("pending")
          * hint("What the skeleton gives does this. Is each line that is no word told, and the last one read without its newline?")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1");
    CHECK(is_ready(order));
    CHECK(order.blocks(SIGUSR1).means("signal/not-blocked"));  // it has begun
    order.type("going\n\npending");  // no newline at the end
    order.close_input();
    CHECK(order.prints("pending\n"));
    CHECK(order.exits_with(0));
    CHECK(order.complains("\n"));
  }
  Peer receiver(lab.testbed());
  const std::string to = "send " + receiver.pid().text() + " ";
  std::vector<Program> wrong;
  for (const char* words : {"", "--wait", "USR1 KILL", "STOP", "0", "32", "USR1 33", "65", "usr1", "RTMIN+31", "--what USR1", "send", "send 0 USR1",
                            "send -1 USR1", "send me USR1"})
    wrong.push_back(lab.start(words));
  for (const char* words : {"KILL", "USR1 usr1", "USR1 RTMIN=", "RTMIN=x", "RTMIN=2147483648", "RTMIN=7x", "RTMIN+31", "USR1 0"})
    wrong.push_back(lab.start(to + words));
  for (Program& each : wrong) {
    CHECK(each.exits_with(2));
    CHECK(each.complains("usage"));
  }
  CHECK(arrives(receiver, ""));
}

TEST_CASE("--fd does what --wait does, by reading from a signalfd"
          * id("fd") * stretch() * todo(8) * needs("done") * needs("accepted-order") * needs("accepted-value")
          * hint("signalfd(2) with SFD_NONBLOCK: each read gives signalfd_siginfo, whose fields begin with ssi_.")) {
  auto order = lab.start("--fd USR1 RTMIN");
  CHECK(is_ready(order));
  CHECK(lets_in(order, "--fd ", ""));
  CHECK(order.blocks_only({SIGUSR1, SIGRTMIN}));
  CHECK(order.catches_none_of({SIGUSR1, SIGRTMIN}));
  CHECK(order.has_signalfd_for({SIGUSR1, SIGRTMIN}));
  reports_senders("--fd ");
  reports_values("--fd ");
  reports_the_kernel("--fd ");
  reports_lowest_first("--fd ");
  reports_merged_and_queued("--fd ");
  storm("--fd ");
}

TEST_CASE("drop throws away what is pending, and all goes on as before"
          * id("drop") * stretch() * todo(9) * needs("accepted") * needs("delivered") * needs("held-again")
          * hint("Blocking keeps a signal, SIG_IGN throws away even one that waits already, and leaves no handler behind; or take each and say nothing.")) {
  for (const std::string way : {"--wait ", ""}) {
    const Signals listed{SIGUSR1, SIGRTMIN, SIGTERM};
    auto order = lab.start(way + words(listed));
    CHECK(is_ready(order));
    Peer sender(lab.testbed());
    const bool had_handlers = order.has_handlers_for(listed);
    // Handlers that are gone explain whatever goes wrong; a program that installs them for each `go` is right.
    const auto as_before = [&](Verdict verdict, bool lost) {
      return lost ? std::move(verdict).is_explained_by("signal/handler-not-put-back").where("after drop, SigCgt in /proc/PID/status lacks signals that it had before") : verdict;
    };
    for (int round = 0; round < 2; ++round) {
      sender.queue(order, SIGRTMIN, 0, 5);
      sender.kill(order, SIGUSR1);
      sender.kill(order, SIGTERM);
      order.type("drop\n");
      CHECK(order.prints_next("dropped\n"));
      CHECK(order.has_pending_only({}));
      CHECK(order.blocks_only({SIGUSR1, SIGRTMIN, SIGTERM}));
      const bool lost = had_handlers && !order.has_handlers_for(listed);
      CHECK(as_before(lets_in(order, way, "", Look::numbers), lost));
      sender.queue(order, SIGRTMIN, round);
      CHECK(as_before(lets_in(order, way, line(SIGRTMIN, sender, round), Look::numbers), lost));
      sender.kill(order, SIGTERM);
      CHECK(as_before(lets_in(order, way, line(SIGTERM, sender), Look::numbers), lost));
    }
  }
}

TEST_SUITE_END();
