// Lab 03: what `signals` must find out, and what must not mislead it. The words are explained in check.hpp.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "check.hpp"
#include "play/filter.hpp"
#include "see/stopped.hpp"

namespace {

// --- What Linux does where nobody interferes.

struct Signal {
  int number;
  std::string name, fate, flags;
  std::string line() const { return fmt::format("{} {} {} {}", number, name, fate, flags); }
};

const std::vector<Signal>& signals() {
  static const std::vector<Signal> all = [] {
    const std::string names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN "
                              "TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS";
    const std::map<std::string, std::string> fates{{"CHLD", "nothing"}, {"URG", "nothing"}, {"WINCH", "nothing"}, {"CONT", "continues"},
                                                   {"STOP", "stops"},   {"TSTP", "stops"},  {"TTIN", "stops"},    {"TTOU", "stops"}};
    std::vector<Signal> made;
    for (const std::string& name : base::split(names, ' ')) {
      const bool untouchable = name == "KILL" || name == "STOP";
      const auto fate = fates.find(name);
      made.push_back({static_cast<int>(made.size()) + 1, name, fate == fates.end() ? "ends" : fate->second,
                      untouchable ? "- - -" : "catch block ignore"});
    }
    for (int i = 0; i <= 15; ++i) made.push_back({34 + i, i == 0 ? "RTMIN" : fmt::format("RTMIN+{}", i), "ends", "catch block ignore"});
    for (int i = 14; i >= 0; --i) made.push_back({64 - i, i == 0 ? "RTMAX" : fmt::format("RTMAX-{}", i), "ends", "catch block ignore"});
    return made;
  }();
  return all;
}

const Signal& named(const std::string& name) {
  return *std::find_if(signals().begin(), signals().end(), [&](const Signal& s) { return s.name == name; });
}

// The five that have a check of their own.
bool stops_or_continues(const Signal& s) { return s.fate == "stops" || s.fate == "continues"; }

// --- What the program printed, line by line.

/// Which words of a line are looked at.
enum class Part { all, fate, flags };

std::string part_of(const std::string& line, Part part) {
  std::vector<std::string> words = base::split(line, ' ');
  if (words.size() > 1 && words[0] == "29" && words[1] == "IO") words[1] = "POLL";
  if (part == Part::fate && words.size() > 3) words.resize(3);
  if (part == Part::flags && words.size() > 3) words.erase(words.begin() + 2);
  return base::join(words, " ");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = base::split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

const play::Actor& actor_of(const play::Program& program) {
  const auto& all = lab.stage().actors();
  return *std::find_if(all.begin(), all.end(), [&](const play::Actor& a) { return a.pid == program.pid() || a.subject == program.pid(); });
}

/// What a wrong line betrays; empty where it may have any cause.
using Explain = std::function<std::string(const std::string& expected, const std::string& actual)>;
std::string any_cause(const std::string&, const std::string&) { return {}; }

play::Verdict differs(const play::Program& program, std::string expected, std::string actual, std::vector<std::string> lines, std::string diagnosis) {
  const play::Actor& actor = actor_of(program);
  play::Evidence e;
  e.expected = std::move(expected);
  e.actual = std::move(actual);
  e.lines = std::move(lines);
  if (!actor.err.text.empty()) e.lines.push_back("it wrote on standard error: " + base::quote(actor.err.text, 200));
  if (!diagnosis.empty()) e.diagnoses.push_back(std::move(diagnosis));
  e.by_hand = lab.stage().by_hand(actor);
  return play::Verdict::no(std::move(e));
}

/// What the program was put into, for the reader of a failure: the line by hand alone would not show it.
struct Scene {
  std::string told;
  std::string when_it_gives_up;  ///< what an exit status other than 0 betrays there
};

/// It ends with 0. A hang that the kernel's own words explain draws its diagnosis.
play::Verdict finishes(play::Program& program, const Scene& scene) {
  play::Verdict done = program.exits_with(0);
  play::Evidence e = done.evidence();
  if (e.expected.empty()) return done;
  if (e.kind == play::Evidence::Kind::stuck && see::waits_for_a_stopped_child(lab.stage().family())) {
    e.diagnoses.insert(e.diagnoses.begin(), "process/stopped-not-asked-for");
  } else if (scene.told.find("ignored") != std::string::npos && actor_of(program).err.text.find("No child processes") != std::string::npos) {
    e.diagnoses.insert(e.diagnoses.begin(), "signal/sigchld-ignored");
  } else if (e.kind == play::Evidence::Kind::differs && e.diagnoses.empty() && !scene.when_it_gives_up.empty()) {
    e.diagnoses.push_back(scene.when_it_gives_up);
  }
  if (!scene.told.empty()) e.lines.insert(e.lines.begin(), "here " + scene.told);
  return play::Verdict::no(std::move(e));
}

/// It ends with 0 and has printed exactly these lines. Where the kernel is free, a line has two readings: "a|b".
play::Verdict says(play::Program& program, const std::vector<std::string>& expected, Part part = Part::all,
                   const Explain& explain = any_cause, const Scene& scene = {}) {
  if (play::Verdict done = finishes(program, scene); !done.evidence().expected.empty()) return done;
  const play::Actor& actor = actor_of(program);
  lab.stage().pump();  // what it printed last; not up to end-of-file, which a forgotten child would keep away
  const std::vector<std::string> lines = lines_of(actor.out.text);

  std::vector<std::string> evidence;
  if (!scene.told.empty()) evidence.push_back("here " + scene.told);
  std::string first_expected, first_actual, diagnosis;
  for (size_t i = 0; i < std::max(lines.size(), expected.size()); ++i) {
    const std::string got = i < lines.size() ? part_of(lines[i], part) : "", wanted = i < expected.size() ? expected[i] : "";
    const auto readings = base::split(wanted, '|');
    if (std::find(readings.begin(), readings.end(), got) != readings.end()) continue;
    const std::string should = wanted.empty() ? "nothing more" : base::quote(readings[0]);
    const std::string is = i < lines.size() ? base::quote(lines[i]) : "missing";
    if (first_expected.empty()) {
      first_expected = fmt::format("line {} of what it prints is {}", i + 1, should);
      first_actual = (lines.empty() ? "it printed nothing" : "it is " + is);
      const bool twice = i > 0 && i < lines.size() && lines.size() > expected.size() && std::count(lines.begin(), lines.begin() + static_cast<long>(i), lines[i]) > 0;
      diagnosis = twice ? "process/buffer-copied" : explain(readings[0], got);
      if (part != Part::all) first_expected += part == Part::fate ? " (flags left out)" : " (fate left out)";
    } else if (evidence.size() < 5 && i < lines.size()) {
      evidence.push_back(fmt::format("line {} should be {}, and is {}", i + 1, should, is));
    }
  }
  if (first_expected.empty()) return play::Verdict::yes();
  return differs(program, first_expected, first_actual, std::move(evidence), diagnosis);
}

/// An explanation that holds whatever the difference is.
Explain because(const std::string& diagnosis) {
  return [=](const std::string&, const std::string&) { return diagnosis; };
}

// --- What the program is made to inherit.

room::Order order_with(std::function<void()> prepare) {
  room::Order order;
  order.prepare = std::move(prepare);
  return order;
}

void ignore_these(const std::vector<int>& numbers) {
  for (const int number : numbers) std::signal(number, SIG_IGN);  // refused for KILL and STOP: as it should
}

void block_these(const std::vector<int>& numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) sigaddset(&set, number);
  base::must(sigprocmask(SIG_BLOCK, &set, nullptr), "sigprocmask");
}

std::vector<int> every_number() {
  std::vector<int> all;
  for (const Signal& s : signals()) all.push_back(s.number);
  return all;
}

}  // namespace

TEST_SUITE_BEGIN("03-signals");

TEST_CASE("list: the 62 of kill -l, number and name"
          * id("list") * points(10)
          * hint("Begin with TODO 1 in labs/03-signals/signals.cpp. `kill -l` in bash shows what is wanted; sigaddset(3) knows which numbers are signals.")) {
  std::vector<std::string> expected;
  for (const Signal& s : signals()) expected.push_back(fmt::format("{} {}", s.number, s.name));
  auto list = lab.start("list");
  CHECK(says(list, expected, Part::all, [](const std::string&, const std::string& got) {
    return got.starts_with("32 ") || got.starts_with("33 ") ? "signal/library-keeps-two" : "";
  }));
}

TEST_CASE("fate: which signals end a process, and which do nothing"
          * id("ends") * points(10) * needs("list")
          * hint("A child that sends itself the signal has either been ended by it or goes on. The wait status says which: WIFSIGNALED(3). Where fork is refused, children pile up that nobody waits for yet: TODO 2.")) {
  std::string words = "fate TERM TERM";
  std::vector<std::string> expected{"15 TERM ends", "15 TERM ends"};
  for (const Signal& s : signals()) {
    if (stops_or_continues(s)) continue;
    words += s.number % 3 == 0 ? " " + s.name : s.number % 3 == 1 ? " SIG" + s.name : fmt::format(" {}", s.number);
    expected.push_back(fmt::format("{} {} {}", s.number, s.name, s.fate));
  }
  auto fate = lab.start(words);
  CHECK(says(fate, expected, Part::fate));
}

namespace {

std::string why_it_does_not_stop(const std::string& expected, const std::string& got) {
  if (expected.ends_with("stops") && got.ends_with("ends")) return "process/stop-told-as-end";
  if (expected.ends_with("stops") && !expected.starts_with("19 ") && got.ends_with("nothing")) return "signal/orphaned-group";
  if (expected.ends_with("continues") && got.ends_with("nothing")) return "process/continued-not-asked-for";
  return {};
}

// As a person runs it: a job of a shell on a terminal, in the terminal's foreground.
play::Program start_as_job(const std::string& words) {
  const std::string command = "signals " + words;
  play::Actor& actor = lab.stage().start_path("/bin/sh", {"-m", "-c", command + "; exit $?"}, play::Stage::Tie::terminal);
  actor.name = "signals";
  actor.argv = base::split(command, ' ');
  return {lab.stage(), actor};
}

}  // namespace

TEST_CASE("fate: which signals stop a process, and which one lets it go on"
          * id("stops") * points(10) * needs("ends")
          * hint("waitpid(2) tells of a stop only with WUNTRACED, and that a child goes on only with WCONTINUED. WNOHANG asks without waiting. A refused handler must not end the program: on a terminal, what it says on standard error comes between the lines.")) {
  const std::string words = "fate STOP TSTP TTIN TTOU CONT";
  std::vector<std::string> expected;
  for (const Signal& s : signals())
    if (stops_or_continues(s)) expected.push_back(fmt::format("{} {} {}", s.number, s.name, s.fate));
  std::rotate(expected.begin(), expected.begin() + 1, expected.end());  // CONT comes last
  auto as_leader_of_a_session = lab.start(words);
  CHECK(says(as_leader_of_a_session, expected, Part::fate, why_it_does_not_stop, {"it leads a session of its own, as below setsid(1)", {}}));
  auto as_job = start_as_job(words);
  CHECK(says(as_job, expected, Part::fate, why_it_does_not_stop, {"it is a shell's job on a terminal", {}}));
}

TEST_CASE("fate: what can be caught, blocked and ignored"
          * id("flags") * points(10) * needs("ends")
          * hint("catch: a handler was accepted, and it ran. block: it was sent, and sigpending(2) has it. ignore: it was sent, and the child lives.")) {
  std::vector<std::string> expected;
  for (const Signal& s : signals()) expected.push_back(fmt::format("{} {} {}", s.number, s.name, s.flags));
  auto fate = lab.start("fate");
  CHECK(says(fate, expected, Part::flags));
}

TEST_CASE("fate: the same, whatever it was started with"
          * id("inherited") * points(10) * needs("flags")
          * hint("Ignored and blocked signals are inherited, by fork and by exec. What must the child reset before its experiment, and the parent before it waits?")) {
  std::vector<std::string> expected;
  for (const char* name : {"HUP", "TERM", "KILL", "CHLD", "URG", "RTMIN", "RTMAX"}) expected.push_back(named(name).line());
  const auto start = [](const std::function<void()>& prepare) { return lab.start("fate HUP TERM KILL CHLD URG RTMIN RTMAX", order_with(prepare)); };
  auto no_child_status = start([] { ignore_these({SIGCHLD}); });
  auto all_ignored = start([] { ignore_these(every_number()); });
  auto all_blocked = start([] { block_these(every_number()); });
  auto both = start([] { ignore_these(every_number()); block_these(every_number()); });
  auto no_input = start([] { close(0); });
  const Explain it_kept_them = because("signal/what-a-child-inherits");
  CHECK(says(no_child_status, expected, Part::all, because("signal/sigchld-ignored"), {"SIGCHLD was ignored when it was started", {}}));
  CHECK(says(all_ignored, expected, Part::all, it_kept_them, {"every signal was ignored when it was started", {}}));
  CHECK(says(all_blocked, expected, Part::all, it_kept_them, {"every signal was blocked when it was started", {}}));
  CHECK(says(both, expected, Part::all, it_kept_them, {"every signal was ignored and blocked when it was started", {}}));
  CHECK(says(no_input, expected, Part::all, any_cause, {"descriptor 0 was closed when it was started", {}}));
}

namespace {

struct Inherited {
  std::vector<int> ignored, blocked;
};

Inherited shuffled(unsigned seed) {
  std::vector<int> numbers = every_number();
  std::mt19937 chance(seed);
  for (size_t i = numbers.size() - 1; i > 0; --i) std::swap(numbers[i], numbers[chance() % (i + 1)]);
  return {{numbers.begin(), numbers.begin() + 20}, {numbers.begin() + 20, numbers.begin() + 40}};
}

std::vector<std::string> fates_with(const Inherited& inherited) {
  const auto has = [](const std::vector<int>& list, int number) { return std::find(list.begin(), list.end(), number) != list.end(); };
  std::vector<std::string> expected;
  for (const Signal& s : signals()) {
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

std::string names_of(const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const Signal& s : signals())
    if (std::find(numbers.begin(), numbers.end(), s.number) != numbers.end()) names.push_back(s.name);
  return base::join(names, " ");
}

std::string why_here(const std::string& expected, const std::string& got) {
  if (expected.ends_with("waits") && got.ends_with("nothing")) return "signal/pending-not-looked-at";
  if (expected.ends_with("waits") || expected.ends_with("nothing")) return "signal/what-a-child-inherits";
  return {};
}

}  // namespace

TEST_CASE("fate --here: with the signals that it was started with blocked or ignored"
          * id("here") * points(10) * needs("stops")
          * hint("With --here nothing is reset. A blocked signal that was sent waits: sigpending(2).")) {
  const std::vector<Inherited> sets{{{SIGHUP, SIGINT, SIGCHLD, SIGCONT, SIGTSTP, SIGKILL}, {SIGTERM, SIGUSR1, SIGURG, SIGTTIN, SIGSTOP, 34, 64}},
                                    {{SIGTERM, SIGUSR1, SIGURG, SIGTTIN, SIGPIPE, 34, 64}, {SIGHUP, SIGINT, SIGCHLD, SIGCONT, SIGTSTP, SIGKILL}},
                                    shuffled(3), shuffled(33)};
  std::vector<play::Program> programs;
  for (const Inherited& set : sets)
    programs.push_back(lab.start("fate --here", order_with([&set] { ignore_these(set.ignored); block_these(set.blocked); })));
  for (size_t i = 0; i < sets.size(); ++i) CHECK(says(programs[i], fates_with(sets[i]), Part::all, why_here,
               {fmt::format("it was started with these ignored: {}; and these blocked: {}", names_of(sets[i].ignored), names_of(sets[i].blocked)), {}}));
}

namespace {

// A signal's usual line where the kernel behaves otherwise was not found by an experiment.
std::string from_a_table(const std::string& expected, const std::string& got) {
  const std::string usual = named(base::split(expected, ' ')[1]).line();
  return expected != usual && got == usual ? "signal/from-a-table" : "";
}

// Of a signal that never came, the program says all the same that a handler ran, or that it is pending.
std::string without_proof(const std::string& expected, const std::string& got) {
  if (const std::string table = from_a_table(expected, got); !table.empty()) return table;
  const bool claims = got.find("nothing catch") != std::string::npos || got.find(" block") != std::string::npos;
  return expected.find("nothing - -") != std::string::npos && claims ? "signal/proof-not-asked-for" : "";
}

}  // namespace

TEST_CASE("fate: a signal that the kernel never delivers does nothing"
          * id("never-comes") * points(10) * needs("flags")
          * hint("Here every call that would send this signal reports success and does nothing (a seccomp filter). Who still waits for it to come?")) {
  std::vector<std::pair<play::Program, std::string>> programs;
  for (const char* name : {"TERM", "USR1", "SEGV", "CHLD", "TSTP", "CONT", "RTMIN+3"})
    programs.emplace_back(lab.start(fmt::format("fate {} INT", name), order_with([=] { play::filter::swallow(named(name).number); })), name);
  for (auto& [program, name] : programs)
    CHECK(says(program, {fmt::format("{} {} nothing - - ignore", named(name).number, name), named("INT").line()}, Part::all, without_proof,
               {fmt::format("every call that sends {} says 0 and does nothing (seccomp)", name), {}}));
}

TEST_CASE("fate: a signal whose disposition cannot be set can be neither caught nor ignored"
          * id("cannot-be-set") * points(10) * needs("flags")
          * hint("Here sigaction(2) fails with EINVAL for this signal, as it does for KILL (a seccomp filter). That is a finding, not an error.")) {
  std::vector<std::pair<play::Program, std::string>> programs;
  for (const char* name : {"TERM", "USR2", "QUIT", "RTMIN", "RTMAX-3"})
    programs.emplace_back(lab.start(fmt::format("fate {} INT", name), order_with([=] { play::filter::refuse_disposition(named(name).number); })), name);
  for (auto& [program, name] : programs)
    CHECK(says(program, {fmt::format("{} {} ends - block -", named(name).number, name), named("INT").line()}, Part::all, from_a_table,
               {fmt::format("sigaction fails with EINVAL for {} (seccomp)", name), "signal/refusal-is-a-finding"}));
}

namespace {

std::set<std::string> files_here() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(".")) names.insert(entry.path().filename());
  return names;
}

// A core file is seen only where it is made in the working folder; elsewhere the kernel hands it to a stranger.
bool cores_are_files_here() {
  const std::string pattern = base::read_file("/proc/sys/kernel/core_pattern");
  return !pattern.starts_with("|") && pattern.find('/') == std::string::npos;
}

constexpr rlim_t most_core = rlim_t{64} << 20;

// A limit on core files, at most `hard`. HUP is ignored, so that what is left behind does not die of its orphaned group.
room::Order with_cores(rlim_t hard, rlim_t soft) {
  room::Order order = order_with([=] {
    ignore_these({SIGHUP});
    rlimit limit{};
    base::must(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
    limit.rlim_cur = std::min(soft, limit.rlim_max);
    base::must(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
  });
  if (cores_are_files_here()) order.limits.core_bytes = hard;
  return order;
}

play::Verdict leaves_no_file(const play::Program& program, const std::set<std::string>& before) {
  std::vector<std::string> left;
  for (const std::string& name : files_here())
    if (before.count(name) == 0) left.push_back(base::quote(name));
  if (left.empty()) return play::Verdict::yes();
  return differs(program, "it leaves no file in its working folder", "it left " + base::join(left, ", "), {}, {});
}

}  // namespace

TEST_CASE("fate: nothing is left behind: no process, no core file"
          * id("left-behind") * points(5) * needs("stops")
          * hint("Every child must be ended and waited for: one that has stopped, too. waitpid() that told of a stop has not collected it.")) {
  const std::set<std::string> before = files_here();
  auto fate = lab.start("fate SEGV QUIT TERM STOP TSTP CONT URG CHLD RTMIN", with_cores(most_core, most_core));
  CHECK(fate.prints("34 RTMIN ends"));
  CHECK(fate.exits_with(0));
  play::wait_until(lab.stage(), [] { return false; });  // what was left goes on, and ends or waits: then it is looked at
  CHECK(fate.leaves_nothing_behind());
  CHECK(leaves_no_file(fate, before));
}

TEST_CASE("fate: no clock decides"
          * id("no-clock") * points(5) * needs("here") * needs("left-behind")
          * hint("Here single steps take 40 to 150 ms longer (strace). Which event tells that the child is ready, has been hit, has ended? Wait for that.")) {
  struct Run {
    const char* words;
    std::vector<std::string> calls;
    const char* delay;
    std::vector<std::string> expected;
  };
  const std::string term = "15 TERM ends", tstp = "20 TSTP stops", cont = "18 CONT continues";
  // A traced process that is stopped is not in state T but t: a program that asks /proc whether it went on may take it
  // for running.
  const std::string urg = "23 URG nothing|23 URG continues";
  const std::vector<std::string> sending{"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"};
  const std::vector<Run> runs{
      // Not rt_sigaction: a right program may reset all 62 dispositions in every child.
      {"fate TERM", {"rt_sigprocmask", "setpgid", "prctl"}, "delay_enter=40000", {named("TERM").line()}},
      {"fate --here TERM", sending, "delay_enter=150000", {term}},
      {"fate --here TSTP URG", sending, "delay_exit=60000", {tstp, urg}},
      {"fate --here CONT", {"kill"}, "delay_exit=60000", {cont}},  // not the stopping itself, where that is another call
      {"fate --here URG", {"exit_group", "exit"}, "delay_enter=80000", {urg}},
      {"fate --here TERM TSTP CONT", {"fork", "vfork", "clone", "clone3"}, "delay_exit=60000", {term, tstp, cont}},
  };
  std::vector<play::Program> programs;
  for (const Run& run : runs) {
    std::vector<std::string> calls;
    for (const std::string& call : run.calls) calls.push_back("?" + call);  // "?": also where there is no such call
    const std::string set = base::join(calls, ",");
    programs.push_back(lab.start_below_strace(run.words, {"-e", "trace=" + set, "-e", "signal=none", "-e", "inject=" + set + ":" + run.delay}));
  }
  for (size_t i = 0; i < runs.size(); ++i) CHECK(says(programs[i], runs[i].expected, Part::all, because("signal/clock-decides"),
               {fmt::format("each of these calls is held up ({} microseconds): {}", runs[i].delay, base::join(runs[i].calls, " ")), {}}));
}

namespace {

pid_t as_it_sees_itself(pid_t pid) { return see::status_of(pid)->inner_pid; }

/// A pid that was given out and is free again.
pid_t pid_of_nobody() {
  const pid_t child = base::must(fork(), "fork");
  if (child == 0) _exit(0);
  siginfo_t info{};
  base::must(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), "waitid");
  const pid_t inner = as_it_sees_itself(child);
  base::must(waitpid(child, nullptr, 0), "waitpid");
  return inner;
}

void wait_for_all(const std::vector<play::Program>& programs) {
  play::wait_until(lab.stage(), [&] {
    return std::all_of(programs.begin(), programs.end(), [](const play::Program& p) { return actor_of(p).ending.has_value(); });
  });
  lab.stage().pump();
}

/// It has ended with 2 and a usage line, and has printed nothing. All were waited for at once: there are many.
play::Verdict refuses(play::Program& program) {
  const play::Actor& actor = actor_of(program);
  if (!actor.ending) return program.exits_with(2);
  if (actor.ending->by_signal || actor.ending->status != 2) return differs(program, "it exits with 2", "it " + play::describe(*actor.ending), {}, {});
  if (!actor.out.text.empty()) return differs(program, "it prints nothing on standard output", "it printed " + base::quote(actor.out.text), {}, {});
  if (actor.err.text.find("usage") == std::string::npos) return differs(program, "it writes a usage line on standard error", "it did not", {}, {});
  return play::Verdict::yes();
}

}  // namespace

TEST_CASE("send: one signal to one process, or the reason why not"
          * id("send") * points(5) * needs("list")
          * hint("kill(2) does it. When it returns -1, errno says why: exit status 1, and strerror(3) on standard error.")) {
  auto bed = lab.gate("bed");
  auto sleeper = lab.start_program("gate", "bed");
  CHECK(bed.is_reached());
  const pid_t pid = as_it_sees_itself(sleeper.pid());
  auto asks = lab.start(fmt::format("send 0 {}", pid));
  CHECK(asks.exits_with(0));
  CHECK(sleeper.stays_alive());
  auto sends = lab.start(fmt::format("send SIGUSR1 {}", pid));
  CHECK(sends.exits_with(0));
  CHECK(sleeper.dies_of(SIGUSR1));
  auto to_a_zombie = lab.start(fmt::format("send TERM {}", pid));
  CHECK(to_a_zombie.exits_with(0));
  auto to_nobody = lab.start(fmt::format("send TERM {}", pid_of_nobody()));
  CHECK(to_nobody.complains("No such process").means("signal/reason-not-told"));
  CHECK(to_nobody.exits_with(1));
  auto refused = lab.start(fmt::format("send TERM {}", pid), order_with([] { play::filter::refuse_sending(EPERM); }));
  CHECK(refused.complains("Operation not permitted").means("signal/reason-not-told"));
  CHECK(refused.exits_with(1));
}

TEST_CASE("a wrong command line sends nothing and ends with 2"
          * id("command-line") * points(5) * needs("send")
          * hint("The whole command line is understood before anything is done. To kill(2), 0 and negative numbers are whole groups.")) {
  auto bed = lab.gate("bed");
  auto sleeper = lab.start_program("gate", "bed");
  CHECK(bed.is_reached());
  const std::string pid = std::to_string(as_it_sees_itself(sleeper.pid()));
  // Never a PID that a careless program takes for -1: that is everybody.
  const std::vector<std::vector<std::string>> wrong_pids{
      {"send", "TERM", "0"}, {"send", "TERM", "-" + pid}, {"send", "TERM", pid + "x"}, {"send", "TERM", ""}};
  const std::vector<std::vector<std::string>> wrong_words{
      {}, {"lists"}, {"list", "TERM"}, {"fate", "0"}, {"fate", "32"}, {"fate", "33"}, {"fate", "65"}, {"fate", "-1"}, {"fate", "FOO"},
      {"fate", ""}, {"fate", "TERM", "FOO"}, {"fate", "--there"}, {"send"}, {"send", "TERM"}, {"send", "32", pid}, {"send", "65", pid},
      {"send", "FOO", pid}, {"send", "", pid}, {"send", "TERM", pid, pid}};
  std::vector<play::Program> programs;
  for (const auto* lines : {&wrong_pids, &wrong_words})
    for (const auto& words : *lines) programs.push_back(lab.start_words(words));
  wait_for_all(programs);
  for (size_t i = 0; i < wrong_pids.size(); ++i) CHECK(refuses(programs[i]).means("signal/pid-not-checked"));
  for (size_t i = wrong_pids.size(); i < programs.size(); ++i) CHECK(refuses(programs[i]));
  CHECK(sleeper.stays_alive());
  auto right = lab.start("send TERM " + pid);
  CHECK(right.exits_with(0));
  CHECK(sleeper.dies_of(SIGTERM));
}

TEST_CASE("fate --core: which signals make a core file, where one is allowed; and the files go again"
          * id("core") * stretch() * points(0) * needs("left-behind")
          * hint("WCOREDUMP(3) says whether there was one. The limit is RLIMIT_CORE (getrlimit(2)), and a child inherits it.")) {
  const std::set<std::string> before = files_here();
  const std::vector<std::string> none{named("SEGV").line(), named("TERM").line(), named("CHLD").line()};
  auto forbidden = lab.start("fate --core SEGV TERM CHLD");
  CHECK(says(forbidden, none, Part::all, from_a_table));
  // Elsewhere the kernel would hand a core file to a program of the system: this check does not cause that.
  if (cores_are_files_here()) {
    auto allowed = lab.start("fate --core SEGV TERM CHLD", with_cores(most_core, 0));
    CHECK(says(allowed, {"11 SEGV core catch block ignore", none[1], none[2]}));
    CHECK(allowed.leaves_nothing_behind());
    CHECK(leaves_no_file(allowed, before));
  }
}

TEST_SUITE_END();
