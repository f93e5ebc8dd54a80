#include "stories.hpp"

#include <algorithm>
#include <climits>
#include <random>
#include <stdexcept>

#include "answers.hpp"
#include "check.hpp"

namespace delivery {
namespace {

using play::Evidence;

// Among standard signals POSIX leaves the order open. Lowest first is demanded only where the kernel gives it to a
// process of our own that takes them.
void need_lowest_first(const Signals& sent) {
  Peer sender(lab.testbed()), taker(lab.testbed());
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

room::Order with_room_for_a_storm() {
  room::Order order;
  order.limits.pending_signals = 8192;
  return order;
}

// Of a single one, is all told right, of either number and sent in either way? Else the numbers alone are looked at, and
// what is wrong is another case's.
Look as_far_as_told(const std::string& way) {
  Peer sender(lab.testbed());
  for (const int signal : {SIGRTMIN, SIGUSR1})
    for (const bool queued : {false, true}) {
      auto order = lab.start(way + "RTMIN USR1");
      if (!is_ready(order).passed()) return Look::numbers;
      if (queued) sender.queue(order, signal, 100);
      else sender.kill(order, signal);
      if (!lets_in(order, way, queued ? line(signal, sender, 100) : line(signal, sender)).passed()) return Look::numbers;
    }
  return Look::all;
}

// Every sender has a number of its own; all of its values are there, counting up.
Verdict lost_nothing(const Program& order, size_t since, const std::vector<Peer>& senders, int each) {
  std::vector<int> next(senders.size(), 0);
  Evidence e;
  e.expected = "each of " + std::to_string(senders.size()) + " senders has its " + std::to_string(each) +
               " values reported once, in the order sent";
  for (const std::string& text : split(order.printed().substr(since), '\n')) {
    if (text.empty() || text.starts_with("done ")) continue;
    bool known = false;
    for (size_t i = 0; i < senders.size(); ++i)
      if (text + "\n" == line(SIGRTMIN + static_cast<int>(i), senders[i], next[i])) ++next[i], known = true;
    if (known) continue;
    e.actual = "there is a line out of turn: " + quote(text);
    return Verdict::no(std::move(e));
  }
  for (size_t i = 0; i < senders.size(); ++i) {
    if (next[i] == each) continue;
    e.actual = "of " + name(SIGRTMIN + static_cast<int>(i)) + " only " + std::to_string(next[i]) + " came";
    return Verdict::no(std::move(e));
  }
  return Verdict::yes();
}

}  // namespace

void reports_senders(const std::string& way) {
  Peer a(lab.testbed()), b(lab.testbed());
  struct Sent { Peer& who; int signal; };
  for (const Sent& s : {Sent{a, SIGUSR1}, {b, SIGRTMIN + 3}, {b, SIGUSR2}, {a, SIGRTMAX}}) {
    auto order = lab.start(way + "USR1 USR2 RTMIN RTMIN+3 RTMAX");
    CHECK(is_ready(order));
    s.who.kill(order, s.signal);
    CHECK(lets_in(order, way, line(s.signal, s.who), Look::senders));
    CHECK(lets_in(order, way, "", Look::senders));  // nothing twice
    CHECK(order.prints_nothing_more());
  }
}

void reports_values(const std::string& way) {
  Peer a(lab.testbed());
  const int some = std::uniform_int_distribution(2, 1 << 30)(lab.dice());
  struct Sent { int signal, value; };
  for (const Sent& s : {Sent{SIGRTMIN + 3, -some}, {SIGUSR2, some}, {SIGRTMIN, 0}, {SIGRTMAX, INT_MIN}, {SIGUSR1, INT_MAX}, {SIGUSR1, -1}}) {
    auto order = lab.start(way + "USR1 USR2 RTMIN RTMIN+3 RTMAX");
    CHECK(is_ready(order));
    a.queue(order, s.signal, s.value);
    Verdict reports = lets_in(order, way, line(s.signal, a, s.value), Look::values);
    const bool crashed = reports.ended_by(SIGSEGV);
    CHECK(std::move(reports).hints("The value is a number, si_value.sival_int. sival_ptr is the same bytes taken for an address, and nothing of yours lies there.", crashed));
  }
  for (const int s : {SIGUSR1, SIGRTMIN + 3}) {  // and none where none was sent
    auto order = lab.start(way + "USR1 RTMIN+3");
    CHECK(is_ready(order));
    a.kill(order, s);
    CHECK(lets_in(order, way, line(s, a), Look::values));
  }
}

void reports_the_kernel(const std::string& way) {
  auto at_terminal = lab.start_on_terminal(way + "INT");
  CHECK(at_terminal.prints("ready " + at_terminal.inside().text() + "\n"));
  at_terminal.settle();
  at_terminal.type(key::ctrl_c);
  CHECK(at_terminal.has_pending(SIGINT));
  at_terminal.type("go\n");
  CHECK(at_terminal.prints("2 INT from "));
  CHECK(at_terminal.prints_next("kernel").means("signal/si-code"));
  // The check itself is a sender whom the program cannot see where it has a pid namespace of its own, and no kernel anywhere.
  auto order = lab.start(way + "INT");
  CHECK(is_ready(order));
  order.send(SIGINT);
  CHECK(order.has_pending_only({SIGINT}));
  order.type("go\n");
  CHECK(order.prints("2 INT from "));
  const std::string sender = lab.number_as_sender();
  CHECK(order.prints_next(sender).means("signal/si-code").where("it was sent by kill(): si_code is SI_USER, and si_pid is " + sender + (sender == "0" ? ", for the sender is outside of its pid namespace" : "")));
}

void reports_lowest_first(const std::string& way) {
  Signals six{SIGTERM, SIGRTMIN + 2, SIGHUP, SIGRTMIN, SIGCHLD, SIGUSR1};
  Signals all = many_signals();
  std::mt19937& dice = lab.dice();
  std::shuffle(all.begin(), all.end(), dice);
  need_lowest_first(all);
  Peer a(lab.testbed()), b(lab.testbed());
  const auto sorted = [&](Signals signals) {
    std::sort(signals.begin(), signals.end());
    std::string lines;
    for (const int s : signals) lines += line(s, a);
    return lines;
  };
  const Look look = as_far_as_told(way);
  for (int times = 0; times < 6; ++times) {
    auto order = lab.start(way + words(six));
    CHECK(is_ready(order));
    for (const int s : six) a.kill(order, s);
    CHECK(lets_in(order, way, sorted(six), look));
    std::shuffle(six.begin(), six.end(), dice);
  }
  auto everything = lab.start(way + words(all));
  CHECK(is_ready(everything));
  std::shuffle(all.begin(), all.end(), dice);
  for (const int s : all) a.kill(everything, s);
  CHECK(lets_in(everything, way, sorted(all), look));
}

void reports_merged_and_queued(const std::string& way) {
  need_lowest_first({SIGTERM, SIGUSR1});
  const Look look = as_far_as_told(way);
  auto order = lab.start(way + "RTMIN+1 USR1 TERM RTMIN RTMAX");
  CHECK(is_ready(order));
  Peer a(lab.testbed()), b(lab.testbed());
  std::string queued[3];
  const int numbers[3] = {SIGRTMIN, SIGRTMIN + 1, SIGRTMAX};
  for (int i = 0; i < 12; ++i) {
    const int which = i * 5 % 3;
    Peer& sender = i % 2 == 0 ? a : b;
    sender.queue(order, numbers[which], 100 - i);
    queued[which] += line(numbers[which], sender, 100 - i);
  }
  CHECK(lets_in(order, way, queued[0] + queued[1] + queued[2], look));
  // Ten of one standard signal and four of another: the first of each is the one that counts.
  auto another = lab.start(way + "RTMIN+1 USR1 TERM RTMIN RTMAX");
  CHECK(is_ready(another));
  a.queue(another, SIGUSR1, 100);
  for (int i = 0; i < 9; ++i) b.kill(another, SIGUSR1);
  b.kill(another, SIGTERM);
  for (int i = 0; i < 3; ++i) a.queue(another, SIGTERM, i);
  CHECK(lets_in(another, way, line(SIGUSR1, a, 100) + line(SIGTERM, b), look));
}

void storm(const std::string& way) {
  auto order = lab.start(way + "RTMIN RTMIN+1 RTMIN+2 RTMIN+3", with_room_for_a_storm());
  CHECK(is_ready(order));
  std::vector<Peer> senders;
  for (int i = 0; i < 10; ++i) senders.emplace_back(lab.testbed());
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

}  // namespace delivery
