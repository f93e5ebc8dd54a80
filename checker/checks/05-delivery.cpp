// Lab 05: what a program that holds signals back, and lets them in on command, must live through. Senders are peers of
// the program (play/peer.hpp), so that it can name them. One signal at a time where the order is not the question.
#include "check.hpp"

#include <algorithm>
#include <climits>
#include <random>
#include <stdexcept>

#include "05-delivery-answers.hpp"
#include "base/text.hpp"

using namespace delivery;
using play::Evidence;

namespace {

// --- What is known of this kernel. ---

// Among standard signals POSIX leaves the order open. Lowest first is demanded only where the kernel gives it to a
// process of our own that takes them.
void need_lowest_first(const Signals& sent) {
  Peer sender(lab.stage()), taker(lab.stage());
  for (const int s : sent) sender.kill(taker, s);
  const auto taken = taker.take();
  const auto lower = [](const auto& a, const auto& b) { return a.number < b.number; };
  if (taken.size() != sent.size() || !std::is_sorted(taken.begin(), taken.end(), lower))
    throw std::runtime_error("this kernel does not give the lowest pending signal first");
}

// All that can wait for a `go`. Left out: those of faults in a program, of stopping and going on, and of timers (while
// those are blocked, the grader cannot tell a program that hangs from one that an alarm will wake).
Signals many_signals() {
  Signals all;
  const Signals left_out{SIGKILL, SIGSTOP, 32, 33, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS,
                         SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGALRM, SIGVTALRM, SIGPROF};
  for (int s = 1; s <= SIGRTMAX; ++s)
    if (std::find(left_out.begin(), left_out.end(), s) == left_out.end()) all.push_back(s);
  return all;
}

// --- Stories that are told of both ways: "" by handlers, "--wait " and "--fd " without. ---

void tell_of_each(const std::string& way) {
  auto order = lab.start(way + "USR1 USR2 RTMIN RTMIN+3 RTMAX");
  CHECK(is_ready(order));
  Peer a(lab.stage()), b(lab.stage());
  const int top = SIGRTMAX, third = SIGRTMIN + 3;
  a.kill(order, SIGUSR1);
  CHECK(lets_in(order, way, line(SIGUSR1, a)));
  CHECK(lets_in(order, way, ""));  // nothing twice
  b.kill(order, third);
  CHECK(lets_in(order, way, line(third, b)));
  struct Sent { Peer& who; int signal, value; };
  for (const Sent& s : {Sent{b, third, -7}, {a, SIGUSR2, 41}, {b, SIGRTMIN, 0}, {a, top, INT_MIN}, {b, SIGUSR1, INT_MAX},
                        {a, SIGUSR1, -1}}) {
    s.who.queue(order, s.signal, s.value);
    CHECK(lets_in(order, way, line(s.signal, s.who, s.value)));
  }
  CHECK(order.prints_nothing_more());

  auto at_terminal = lab.start_on_terminal(way + "INT");
  CHECK(at_terminal.prints("ready " + inner_pid(at_terminal) + "\n"));
  at_terminal.type(key::ctrl_c);
  CHECK(at_terminal.has_pending(SIGINT));
  at_terminal.type("go\n");
  CHECK(at_terminal.prints("2 INT from "));
  CHECK(at_terminal.prints_next("kernel\ndone 1\n").means("signal/si-code"));
}

void tell_in_order(const std::string& way) {
  Signals six{SIGTERM, SIGRTMIN + 2, SIGHUP, SIGRTMIN, SIGCHLD, SIGUSR1};
  Signals all = many_signals();
  std::mt19937 dice(5);
  std::shuffle(all.begin(), all.end(), dice);
  need_lowest_first(all);
  Peer a(lab.stage()), b(lab.stage());
  const auto sorted = [&](Signals signals) {
    std::sort(signals.begin(), signals.end());
    std::string lines;
    for (const int s : signals) lines += line(s, a);
    return lines;
  };
  auto order = lab.start(way + words(six));
  CHECK(is_ready(order));
  for (int times = 0; times < 12; ++times) {
    for (const int s : six) a.kill(order, s);
    CHECK(lets_in(order, way, sorted(six)));
    std::shuffle(six.begin(), six.end(), dice);
  }
  auto everything = lab.start(way + words(all));
  CHECK(is_ready(everything));
  std::shuffle(all.begin(), all.end(), dice);
  for (const int s : all) a.kill(everything, s);
  CHECK(lets_in(everything, way, sorted(all)));
}

void tell_merged_and_queued(const std::string& way) {
  need_lowest_first({SIGTERM, SIGUSR1});
  auto order = lab.start(way + "RTMIN+1 USR1 TERM RTMIN RTMAX");
  CHECK(is_ready(order));
  Peer a(lab.stage()), b(lab.stage());
  std::string queued[3];
  const int numbers[3] = {SIGRTMIN, SIGRTMIN + 1, SIGRTMAX};
  for (int i = 0; i < 12; ++i) {
    const int which = i * 5 % 3;
    Peer& sender = i % 2 == 0 ? a : b;
    sender.queue(order, numbers[which], 100 - i);
    queued[which] += line(numbers[which], sender, 100 - i);
  }
  CHECK(lets_in(order, way, queued[0] + queued[1] + queued[2]));
  // Ten of one standard signal and four of another: the first of each is the one that counts.
  a.queue(order, SIGUSR1, 100);
  for (int i = 0; i < 9; ++i) b.kill(order, SIGUSR1);
  b.kill(order, SIGTERM);
  for (int i = 0; i < 3; ++i) a.queue(order, SIGTERM, i);
  CHECK(lets_in(order, way, line(SIGUSR1, a, 100) + line(SIGTERM, b)));
}

// --- A storm. ---

room::Order with_room_for_a_storm() {
  room::Order order;
  order.limits.pending_signals = 8192;
  return order;
}

// Every sender has a number of its own; all of its values are there, counting up.
Verdict lost_nothing(const Program& order, size_t since, const std::vector<Peer>& senders, int each) {
  std::vector<int> next(senders.size(), 0);
  Evidence e;
  e.expected = "each of " + std::to_string(senders.size()) + " senders has its " + std::to_string(each) +
               " values reported once, in the order sent";
  for (const std::string& text : base::split(order.printed().substr(since), '\n')) {
    if (text.empty() || text.starts_with("done ")) continue;
    bool known = false;
    for (size_t i = 0; i < senders.size(); ++i)
      if (text + "\n" == line(SIGRTMIN + static_cast<int>(i), senders[i], next[i])) ++next[i], known = true;
    if (known) continue;
    e.actual = "there is a line out of turn: " + base::quote(text);
    return Verdict::no(std::move(e));
  }
  for (size_t i = 0; i < senders.size(); ++i) {
    if (next[i] == each) continue;
    e.actual = "of " + name(SIGRTMIN + static_cast<int>(i)) + " only " + std::to_string(next[i]) + " came";
    return Verdict::no(std::move(e));
  }
  return Verdict::yes();
}

void storm(const std::string& way) {
  auto order = lab.start(way + "RTMIN RTMIN+1 RTMIN+2 RTMIN+3", with_room_for_a_storm());
  CHECK(is_ready(order));
  std::vector<Peer> senders;
  for (int i = 0; i < 10; ++i) senders.emplace_back(lab.stage());
  std::string lines[4];
  for (int i = 0; i < 10; ++i) {
    const int which = (9 - i) % 4;
    senders[static_cast<size_t>(i)].queue(order, SIGRTMIN + which, i * 1000, 100);
    for (int v = 0; v < 100; ++v) lines[which] += line(SIGRTMIN + which, senders[static_cast<size_t>(i)], i * 1000 + v);
  }
  CHECK(lets_in(order, way, lines[0] + lines[1] + lines[2] + lines[3]));

  senders.erase(senders.begin() + 4, senders.end());
  const size_t since = order.printed().size();
  for (size_t i = 0; i < 4; ++i) senders[i].begin_queue(order, SIGRTMIN + static_cast<int>(i), 0, 500);
  for (bool all_sent = false; !all_sent;) {
    all_sent = true;
    for (Peer& sender : senders) all_sent &= sender.is_done();
    order.type("go\n");
    CHECK(order.prints("done "));
  }
  order.type("go\n");
  CHECK(order.prints("done "));
  CHECK(lost_nothing(order, since, senders, 500));
}

// --- `send`. ---

std::string told(const std::vector<Peer::Taken>& all) {
  std::string text;
  for (const Peer::Taken& t : all) {
    text += std::to_string(t.number) + " " + name(t.number) + " from " + std::to_string(t.sender);
    text += t.code == SI_QUEUE ? " by sigqueue, value " + std::to_string(t.value) + "\n" : " by kill\n";
  }
  return text;
}

// The lines without what stands behind `by`: the same signals, whichever call sent them.
std::string without_call(const std::string& text) {
  std::string all;
  for (const std::string& one : base::split(text, '\n')) all += one.substr(0, one.find(" by ")) + "\n";
  return all;
}

Verdict arrives(Peer& at, const std::string& expected) {
  const std::string came = told(at.take());
  if (came == expected) return Verdict::yes();
  Evidence e;
  e.expected = expected.empty() ? "nothing is sent" : "what was asked for arrives";
  e.actual = came.empty() ? "nothing arrived" : "something else did";
  show(e.lines, "it should be:", expected);
  show(e.lines, "it was:", came);
  if (without_call(expected) == without_call(came)) e.diagnoses = {"signal/kill-or-sigqueue"};
  return Verdict::no(std::move(e));
}

Verdict reads_signals_from_a_descriptor(const Program& order, const Signals& signals) {
  std::uint64_t wanted = 0;
  for (const int s : signals) wanted |= std::uint64_t{1} << (s - 1);
  Evidence e;
  e.expected = "it has a signalfd open for exactly " + words(signals);
  e.actual = "it has none";
  for (const see::Descriptor& d : see::descriptors_of(order.pid())) {
    const size_t at = d.details.find("sigmask:");
    if (at == std::string::npos) continue;
    if (std::stoull(d.details.substr(at + 8), nullptr, 16) == wanted) return Verdict::yes();
    e.actual = "its descriptor " + std::to_string(d.fd) + " is one for others";
  }
  return Verdict::no(std::move(e));
}

// How many signals strace saw delivered to a handler: it shows no line for one that was accepted.
Verdict were_delivered(int wanted) {
  const std::string text = base::read_file("strace.out");
  int came = 0;
  for (const std::string& one : base::split(text, '\n'))
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
    CHECK(where(early.blocks_only({SIGUSR1, SIGTERM}).means("signal/ready-too-early"),
                "its standard output was full, so that it slept in the middle of saying ready: this was seen then"));
    early.take_output();
    CHECK(is_ready(early));
    early.send(SIGUSR2);
    CHECK(early.dies_of(SIGUSR2));
  }
}

TEST_CASE("pending names what is pending, lowest first, and takes nothing away"
          * id("pending") * points(5) * needs("holds")
          * hint("sigpending(2) fills a set. Which of its members were listed? sigismember(3) tells.")) {
  for (const char* way : {"--wait ", ""}) {
    auto order = lab.start(std::string(way) + "RTMIN+3 SIGHUP 10 RTMAX-2 CHLD TERM USR2");
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
  tell_of_each("--wait ");
}

TEST_CASE("with --wait, the lowest number comes first, standard signals merge and real-time ones queue"
          * id("accepted-order") * points(10) * needs("accepted")
          * hint("Take one after the other until the call says EAGAIN. The kernel already has them in the right order.")) {
  tell_merged_and_queued("--wait ");
  tell_in_order("--wait ");
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
  tell_of_each("");
}

TEST_CASE("without an option, the lowest number comes first, and no handler interrupts another"
          * id("delivered-order") * points(10) * needs("delivered")
          * hint("sa_mask names the signals that must wait while the handler runs, real-time ones too.")) {
  tell_merged_and_queued("");
  tell_in_order("");
}

TEST_CASE("without an option signals are delivered to handlers; with --wait they are accepted, and there is no handler"
          * id("mechanism") * points(5) * needs("accepted") * needs("delivered")
          * hint("Taking a signal with sigtimedwait() calls no handler; unblocking it does.")) {
  const Signals listed{SIGUSR1, SIGRTMIN};
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start_below_strace(way + words(listed), {"-e", "trace=none"});
    CHECK(is_ready(order));
    if (!way.empty()) CHECK(order.catches_none_of(listed).means("signal/delivered-or-accepted"));
    Peer sender(lab.stage());
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
  order.send(SIGUSR1);
  order.type("go\n");
  CHECK(order.prints_next("in USR1\n"));
  order.close_input();
  CHECK(order.prints_next("out USR1\ndone 1\n"));
  CHECK(order.exits_with(0));
}

TEST_CASE("send uses kill or sigqueue, one by one, and says what was refused"
          * id("send") * points(10)
          * hint("kill(2) takes a number, sigqueue(3) a number and a value. Both can refuse: look at each result.")) {
  Peer receiver(lab.stage());
  const std::string to = "send " + std::to_string(receiver.pid()) + " ";
  auto sender = lab.start(to + "TERM=0 USR1 RTMIN+1=-7 RTMIN+1 RTMIN+1=2147483647");
  CHECK(sender.exits_with(0));
  const std::string from = " from " + inner_pid(sender) + " by ", other = "35 RTMIN+1" + from;
  CHECK(arrives(receiver, "10 USR1" + from + "kill\n15 TERM" + from + "sigqueue, value 0\n" + other + "sigqueue, value -7\n" +
                              other + "kill\n" + other + "sigqueue, value 2147483647\n"));
  CHECK(sender.prints_nothing_more());

  receiver.limit_pending(0);
  const std::string full = "the receiver has no room for queued signals (its RLIMIT_SIGPENDING is 0): USR1 alone can be sent";
  auto refused = lab.start(to + "RTMIN=8 USR1 RTMIN=9");
  CHECK(where(refused.exits_with(1).means("signal/queue-full"), full));
  CHECK(where(refused.complains_times("RTMIN=8", 1), full));
  CHECK(where(refused.complains_times("RTMIN=9", 1).means("signal/queue-full"), full));
  CHECK(arrives(receiver, "10 USR1 from " + inner_pid(refused) + " by kill\n").means("signal/queue-full"));
  auto nobody = lab.start("send 4194304 USR1");  // no process can have this number
  CHECK(nobody.exits_with(1));
  CHECK(nobody.complains("USR1"));

  std::vector<Program> wrong;
  for (const char* words : {"KILL", "USR1 usr1", "USR1 RTMIN=", "RTMIN=x", "RTMIN=2147483648", "RTMIN+31", "USR1 0"})
    wrong.push_back(lab.start(to + words));
  for (const char* words : {"send", "send 0 USR1", "send -1 USR1", "send me USR1"}) wrong.push_back(lab.start(words));
  for (Program& each : wrong) {
    CHECK(each.exits_with(2));
    CHECK(each.complains("usage"));
  }
  CHECK(arrives(receiver, ""));
}

TEST_CASE("of thousands none is lost, and each number comes in the order sent"
          * id("storm") * points(5) * needs("accepted-order") * needs("delivered-order")
          * hint("Real-time signals queue in the kernel. Where did yours have too little room?")) {
  storm("--wait ");
  storm("");
}

TEST_CASE("what it inherited does not matter, nor does a wrong line; a wrong command line is refused with 2"
          * id("inherited") * points(5) * needs("accepted") * needs("delivered")
          * hint("exec keeps the signal mask and the ignored signals. Set what you need yourself.")) {
  const std::string heard = "it was started with USR1 and RTMIN blocked, TERM and RTMIN ignored";
  for (const std::string way : {"--wait ", ""}) {
    room::Order heritage;
    heritage.prepare = [] {
      sigset_t set;
      sigemptyset(&set);
      for (const int s : {SIGUSR1, SIGRTMIN}) sigaddset(&set, s);
      sigprocmask(SIG_BLOCK, &set, nullptr);
      for (const int s : {SIGTERM, SIGRTMIN}) std::signal(s, SIG_IGN);
    };
    auto order = lab.start(way + "USR1 TERM RTMIN HUP", std::move(heritage));
    CHECK(is_ready(order));
    CHECK(where(order.blocks_only({SIGUSR1, SIGTERM, SIGRTMIN, SIGHUP}), heard));
    Peer sender(lab.stage());
    for (int round = 0; round < 2; ++round)
      for (const int s : {SIGUSR1, SIGTERM, SIGRTMIN, SIGHUP}) {
        sender.kill(order, s);
        CHECK(order.has_pending_only({s}));
        order.type("go\n");
        CHECK(where(order.prints_next(line(s, sender) + done(1)).means("signal/inherited"), heard));
      }
    order.type("going\n\ngo");  // no newline at the end
    order.close_input();
    CHECK(order.prints_only("done 0\n"));
    CHECK(order.exits_with(0));
    CHECK(order.complains("\n"));
  }
  std::vector<Program> wrong;
  for (const char* words : {"", "--wait", "USR1 KILL", "STOP", "0", "32", "USR1 33", "65", "usr1", "RTMIN+31", "--what USR1"})
    wrong.push_back(lab.start(words));
  for (Program& each : wrong) {
    CHECK(each.exits_with(2));
    CHECK(each.complains("usage"));
  }
}

TEST_CASE("--fd does what --wait does, by reading from a signalfd"
          * id("fd") * stretch() * needs("accepted-order")
          * hint("signalfd(2) with SFD_NONBLOCK: each read gives signalfd_siginfo, whose fields begin with ssi_.")) {
  auto order = lab.start("--fd USR1 RTMIN");
  CHECK(is_ready(order));
  CHECK(lets_in(order, "--fd ", ""));
  CHECK(order.blocks_only({SIGUSR1, SIGRTMIN}));
  CHECK(order.catches_none_of({SIGUSR1, SIGRTMIN}));
  CHECK(reads_signals_from_a_descriptor(order, {SIGUSR1, SIGRTMIN}));
  tell_of_each("--fd ");
  tell_in_order("--fd ");
  tell_merged_and_queued("--fd ");
  storm("--fd ");
}

TEST_CASE("drop throws away what is pending, and all goes on as before"
          * id("drop") * stretch() * needs("accepted") * needs("delivered")
          * hint("Blocking keeps a signal, SIG_IGN throws away even one that waits already; or take each and say nothing.")) {
  for (const std::string way : {"--wait ", ""}) {
    auto order = lab.start(way + "USR1 RTMIN TERM");
    CHECK(is_ready(order));
    Peer sender(lab.stage());
    for (int round = 0; round < 2; ++round) {
      sender.queue(order, SIGRTMIN, 0, 5);
      sender.kill(order, SIGUSR1);
      sender.kill(order, SIGTERM);
      order.type("drop\n");
      CHECK(order.prints_next("dropped\n"));
      CHECK(order.has_pending_only({}));
      CHECK(order.blocks_only({SIGUSR1, SIGRTMIN, SIGTERM}));
      CHECK(lets_in(order, way, ""));
      sender.queue(order, SIGRTMIN, round);
      CHECK(lets_in(order, way, line(SIGRTMIN, sender, round)));
      sender.kill(order, SIGTERM);
      CHECK(lets_in(order, way, line(SIGTERM, sender)));
    }
  }
}

TEST_SUITE_END();
