// Lab 03: what `signals` must find out of each signal, and what must not mislead it. The words are explained in check.hpp
// and words.hpp.
#include "words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <unistd.h>


using namespace signals_lab;

TEST_SUITE_BEGIN("03-signals");

TEST_CASE("list: the 62 of kill -l, number and name"
          * id("list") * points(10) * todo(1)
          * hint("`kill -l` in bash shows what is wanted; sigaddset(3) knows which numbers are signals.")) {
  std::vector<std::string> expected;
  for (const Signal& s : signals()) expected.push_back(fmt::format("{} {}", s.number, s.name));
  auto list = lab.start("list");
  CHECK(says(list, expected, Part::all, [](const std::string&, const std::string& got) {
    return got.starts_with("32 ") || got.starts_with("33 ") ? "signal/library-keeps-two" : "";
  }));
}

TEST_CASE("fate: which signals end a process, and which do nothing"
          * id("ends") * points(10) * todo(2)
          * hint("A child that sends itself the signal has either been ended by it or goes on. The wait status says which: WIFSIGNALED(3).")) {
  std::string words = "fate TERM TERM";
  std::vector<std::string> expected{"15 TERM ends", "15 TERM ends"};
  for (const Signal& s : signals()) {
    if (stops_or_continues(s) || !is_standard(s)) continue;
    words += s.number % 3 == 0 ? " " + s.name : s.number % 3 == 1 ? " SIG" + s.name : fmt::format(" {}", s.number);
    expected.push_back(fmt::format("{} {} {}", s.number, s.name, s.fate));
  }
  auto fate = lab.start(words);
  CHECK(says(fate, expected, Part::fate));
}

namespace {

// TSTP is asked first: where it is right and STOP alone "ends", nobody took a stop for an end. STOP stops also in an
// orphaned group: where it does "nothing" too, the stop was there and was not noticed.
Explain why_it_does_not_stop(const play::Program& program) {
  return [&program](const std::string& expected, const std::string& got) -> std::string {
    if (expected.starts_with("19 ")) return {};
    if (got.ends_with("ends")) return "process/stop-told-as-end";
    if (!got.ends_with("nothing")) return {};
    return program.has_printed("19 STOP stops") ? "signal/orphaned-group" : program.has_printed("19 STOP nothing") ? "process/stop-not-looked-at" : "";
  };
}

// As a person runs it: a job of a shell on a terminal, in the terminal's foreground.
play::Program start_as_job(const std::string& words) {
  const std::string command = "signals " + words;
  play::Started& started = lab.testbed().start_path("/bin/sh", {"-m", "-c", command + "; exit $?"}, play::Testbed::Tie::terminal);
  started.name = "signals";
  started.argv = split(command, ' ');
  return {lab.testbed(), started};
}

}  // namespace

TEST_CASE("fate: which signals stop a process"
          * id("stops") * points(5) * needs("ends") * todo(3)
          * hint("waitpid(2) tells of a stop only with WUNTRACED. The disposition of STOP is refused, also its default: that must end neither the program nor a child.")) {
  const std::string words = "fate TSTP TTIN TTOU STOP";
  std::vector<std::string> expected;
  for (const char* name : {"TSTP", "TTIN", "TTOU", "STOP"}) expected.push_back(fmt::format("{} {} stops", signal_named(name).number, name));
  auto as_leader_of_a_session = lab.start(words);
  CHECK(says(as_leader_of_a_session, expected, Part::fate, why_it_does_not_stop(as_leader_of_a_session), {"it leads a session of its own, as below setsid(1)", {}}));
  auto as_job = start_as_job(words);
  CHECK(says(as_job, expected, Part::fate, why_it_does_not_stop(as_job), {"it is a shell's job on a terminal", {}}));
}

TEST_CASE("fate: which signal lets a stopped process go on"
          * id("continues") * points(5) * needs("ends") * needs("stops") * todo(4)
          * hint("Only a process that has stopped can go on: wait for the stop, send, and ask. waitpid(2) tells that a child goes on only with WCONTINUED; WNOHANG asks without waiting.")) {
  const std::vector<std::string> expected{"18 CONT continues", "23 URG nothing", "15 TERM ends"};
  auto fate = lab.start("fate CONT URG TERM");
  CHECK(says(fate, expected, Part::fate, [](const std::string& wanted, const std::string& got) {
    return wanted.ends_with("continues") && got.ends_with("nothing") ? "process/continued-not-asked-for" : "";
  }));
}

TEST_CASE("fate: what can be caught, blocked and ignored"
          * id("flags") * points(10) * needs("ends") * todo(5)
          * hint("catch: a handler was accepted, and it ran. block: it was sent, and sigpending(2) has it. ignore: it was sent, and the child lives.")) {
  std::vector<std::string> expected;
  std::string words = "fate";
  for (const Signal& s : signals()) {
    if (!is_standard(s)) continue;
    words += " " + s.name;
    expected.push_back(fmt::format("{} {} {}", s.number, s.name, s.flags));
  }
  auto fate = lab.start(words);
  CHECK(says(fate, expected, Part::flags));
}

TEST_CASE("fate: the same, whatever it was started with"
          * id("inherited") * points(10) * needs("flags") * todo(6)
          * hint("Ignored and blocked signals are inherited, by fork and by exec. What must the child reset before its experiment, and the parent before it waits?")) {
  std::vector<std::string> expected;
  for (const char* name : {"HUP", "TERM", "KILL", "CHLD", "URG"}) expected.push_back(signal_named(name).line());
  const auto start = [](const std::function<void()>& prepare) { return lab.start("fate HUP TERM KILL CHLD URG", play::inheriting(prepare)); };
  auto no_child_status = start([] { play::ignore_signals({SIGCHLD}); });
  auto all_ignored = start([] { play::ignore_signals(every_number()); });
  auto all_blocked = start([] { play::block_signals(every_number()); });
  auto both = start([] { play::ignore_signals(every_number()); play::block_signals(every_number()); });
  auto no_input = start([] { close(0); });
  const Explain it_kept_them = because("signal/what-a-child-inherits");
  CHECK(says(no_child_status, expected, Part::all, because("signal/sigchld-ignored"), {"SIGCHLD was ignored when it was started", {}, true}));
  CHECK(says(all_ignored, expected, Part::all, it_kept_them, {"every signal was ignored when it was started", {}, true}));
  CHECK(says(all_blocked, expected, Part::all, it_kept_them, {"every signal was blocked when it was started", {}}));
  CHECK(says(both, expected, Part::all, it_kept_them, {"every signal was ignored and blocked when it was started", {}, true}));
  CHECK(says(no_input, expected, Part::all, any_cause, {"descriptor 0 was closed when it was started", {}}));
}

namespace {

struct Inherited {
  std::vector<int> ignored, blocked;
};

Inherited shuffled() {
  std::vector<int> numbers;
  for (const Signal& s : signals())
    if (is_standard(s)) numbers.push_back(s.number);
  for (size_t i = numbers.size() - 1; i > 0; --i) std::swap(numbers[i], numbers[lab.dice()() % (i + 1)]);
  return {{numbers.begin(), numbers.begin() + 10}, {numbers.begin() + 10, numbers.begin() + 20}};
}

std::vector<std::string> fates_with(const Inherited& inherited) {
  const auto has = [](const std::vector<int>& list, int number) { return std::find(list.begin(), list.end(), number) != list.end(); };
  std::vector<std::string> expected;
  for (const Signal& s : signals()) {
    if (!is_standard(s)) continue;
    const std::string start = fmt::format("{} {} ", s.number, s.name);
    const bool untouchable = s.name == "KILL" || s.name == "STOP", goes_on = s.name == "CONT";
    std::string line = start + s.fate;
    // A blocked CONT is kept for later, and lets a stopped process go on all the same: both words are true.
    if (!untouchable && has(inherited.blocked, s.number)) line = start + "waits" + (goes_on ? "|" + start + "continues" : "");
    else if (!untouchable && !goes_on && has(inherited.ignored, s.number)) line = start + "nothing";
    expected.push_back(std::move(line));
  }
  return expected;
}

std::string why_here(const std::string& expected, const std::string& got) {
  if (expected.ends_with("waits") && got.ends_with("nothing")) return "signal/pending-not-looked-at";
  if (expected.ends_with("waits") || expected.ends_with("nothing")) return "signal/what-a-child-inherits";
  return {};
}

}  // namespace

TEST_CASE("fate --here: with the signals that it was started with blocked or ignored"
          * id("here") * points(10) * needs("stops") * needs("continues")
          * hint("With --here nothing is reset. A blocked signal that was sent waits: sigpending(2).")) {
  const std::vector<Inherited> sets{{{SIGHUP, SIGINT, SIGCHLD, SIGCONT, SIGTSTP, SIGKILL}, {SIGTERM, SIGUSR1, SIGURG, SIGTTIN, SIGSTOP}},
                                    {{SIGTERM, SIGUSR1, SIGURG, SIGTTIN, SIGPIPE}, {SIGHUP, SIGINT, SIGCHLD, SIGCONT, SIGTSTP, SIGKILL}},
                                    shuffled(), shuffled()};
  std::string words = "fate --here";
  for (const Signal& s : signals())
    if (is_standard(s)) words += " " + s.name;
  std::vector<play::Program> programs;
  for (const Inherited& set : sets)
    programs.push_back(lab.start(words, play::inheriting([&set] { play::ignore_signals(set.ignored); play::block_signals(set.blocked); })));
  for (size_t i = 0; i < sets.size(); ++i) CHECK(says(programs[i], fates_with(sets[i]), Part::all, why_here,
               {fmt::format("it was started with these ignored: {}; and these blocked: {}", names_of(sets[i].ignored), names_of(sets[i].blocked)), {}}));
}

namespace {

std::string any_of(const std::vector<std::string>& names) { return names[lab.dice()() % names.size()]; }

// Of a signal that never came, the program says all the same that a handler ran, or that it is pending.
std::string without_proof(const std::string& expected, const std::string& got) {
  const Signal& s = signal_named(split(expected, ' ')[1]);
  if (s.fate == "ends" && expected != s.line() && got == s.line()) return "signal/no-experiment";
  if (const std::string table = from_a_table(expected, got); !table.empty()) return table;
  const bool claims = got.find("nothing catch") != std::string::npos || got.find(" block") != std::string::npos;
  return expected.find("nothing - -") != std::string::npos && claims ? "signal/proof-not-asked-for" : "";
}

}  // namespace

TEST_CASE("fate: a signal that the kernel never delivers does nothing"
          * id("never-comes") * points(10) * needs("flags") * needs("continues")
          * hint("Here every call that would send this signal reports success and does nothing (a seccomp filter). Who still waits for it to come?")) {
  std::vector<std::pair<play::Program, std::string>> programs;
  for (const std::string& name : {any_of({"TERM", "HUP", "ALRM", "POLL"}), any_of({"USR1", "USR2", "PROF"}), any_of({"SEGV", "ABRT", "BUS"}), any_of({"CHLD", "WINCH"}), any_of({"TSTP", "TTIN"}), std::string("CONT")})
    programs.emplace_back(lab.start(fmt::format("fate {} INT", name), play::inheriting([=] { play::seccomp::swallow(signal_named(name).number); })), name);
  for (auto& [program, name] : programs)
    CHECK(says(program, {fmt::format("{} {} nothing - - ignore", signal_named(name).number, name), signal_named("INT").line()}, Part::all, without_proof,
               {fmt::format("every call that sends {} says 0 and does nothing (seccomp)", name), {}}));
}

TEST_CASE("fate: a signal whose disposition cannot be set can be neither caught nor ignored"
          * id("cannot-be-set") * points(5) * needs("flags")
          * hint("Here sigaction(2) fails with EINVAL for this signal, as it does for KILL (a seccomp filter). That is a finding, not an error.")) {
  std::vector<std::pair<play::Program, std::string>> programs;
  for (const std::string& name : {any_of({"TERM", "HUP", "ALRM"}), any_of({"USR1", "USR2"}), any_of({"QUIT", "TRAP"})})
    programs.emplace_back(lab.start(fmt::format("fate {} INT", name), play::inheriting([=] { play::seccomp::refuse_disposition(signal_named(name).number); })), name);
  for (auto& [program, name] : programs)
    CHECK(says(program, {fmt::format("{} {} ends - block -", signal_named(name).number, name), signal_named("INT").line()}, Part::all, from_a_table,
               {fmt::format("sigaction fails with EINVAL for {} (seccomp)", name), "signal/refusal-is-a-finding"}));
}

TEST_CASE("fate: the real-time signals are signals as the others; fate alone asks all of list"
          * id("real-time") * points(5) * needs("list") * needs("flags") * needs("here")
          * hint("They have no names in signal.h: SIGRTMIN and SIGRTMAX are calls, and sigaddset(3) says what lies between.")) {
  std::vector<std::string> fates, flags;
  for (const Signal& s : signals()) fates.push_back(fmt::format("{} {} {}", s.number, s.name, s.fate)), flags.push_back(fmt::format("{} {} {}", s.number, s.name, s.flags));
  auto all = lab.start("fate");
  CHECK(says(all, fates, Part::fate));
  CHECK(says(all, flags, Part::flags));
  auto here = lab.start("fate --here RTMIN RTMAX 40", play::inheriting([] { play::ignore_signals({34}); play::block_signals({64}); }));
  CHECK(says(here, {"34 RTMIN nothing", "64 RTMAX waits", "40 RTMIN+6 ends"}, Part::all, any_cause, {"it was started with RTMIN ignored and RTMAX blocked", {}}));
}

TEST_SUITE_END();
