// Lab 03: what `signals` leaves behind, whether a clock decides, what it sends and what it refuses.
#include "words.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>


using namespace signals_lab;

TEST_SUITE_BEGIN("03-signals");

namespace {

std::set<std::string> files_here() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(".")) names.insert(entry.path().filename());
  return names;
}

// A core file is seen only where it is made in the working folder; elsewhere the kernel hands it to a stranger.
bool cores_are_files_here() {
  const std::string pattern = play::kernel_setting("kernel/core_pattern");
  return !pattern.starts_with("|") && pattern.find('/') == std::string::npos;
}

constexpr rlim_t most_core = rlim_t{64} << 20;

// A limit on core files, at most `hard`. HUP is ignored, so that what is left behind does not die of its orphaned group.
room::Order with_cores(rlim_t hard, rlim_t soft) {
  room::Order order = play::inheriting([=] {
    play::ignore_signals({SIGHUP});
    rlimit limit{};
    must(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
    limit.rlim_cur = std::min(soft, limit.rlim_max);
    must(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
  });
  if (cores_are_files_here()) order.limits.core_bytes = hard;
  return order;
}

play::Verdict leaves_no_file(const play::Program& program, const std::set<std::string>& before) {
  std::vector<std::string> left;
  for (const std::string& name : files_here())
    if (before.count(name) == 0) left.push_back(quote(name));
  if (left.empty()) return play::Verdict::yes();
  return differs(program, "it leaves no file in its working folder", "it left " + join(left, ", "));
}

// The program's children that are stopped at the moment when it wants to end. Later they are not found so: when it has
// gone, their group is an orphaned one, and the kernel lets them go on.
class StoppedAtTheEnd {
 public:
  StoppedAtTheEnd() {
    at_call_.hold([this](pid_t who, long) {
      if (who != program_) return false;
      for (const play::Seen& child : play::children_of(who))
        if (child.stopped) found_.push_back(fmt::format("{} {}   was stopped, and nobody has ended it", escape(child.name), child.inside));
      return false;
    });
  }
  play::Program start(const std::string& words, room::Order order) {
    play::Program program = lab.start(words, at_call_.order(std::move(order)));
    program_ = program.pid();
    return program;
  }
  /// What is left of a stopped child afterwards is described as what it was.
  play::Verdict explains(play::Verdict left) const {
    if (left.passed() || found_.empty()) return left;
    play::Evidence e = left.evidence();
    e.actual = fmt::format("it ended and left {} stopped {}", found_.size(), found_.size() == 1 ? "child" : "children");
    e.lines = found_;
    e.diagnoses = {"process/stopped-left-behind"};
    return play::Verdict::no(std::move(e));
  }

 private:
  play::BeforeCall at_call_{lab.testbed(), {{SYS_exit_group}}};
  pid_t program_ = 0;
  std::vector<std::string> found_;
};

}  // namespace

TEST_CASE("fate: nothing is left behind: no process, no core file"
          * id("left-behind") * points(5) * needs("stops")
          * hint("Every child must be ended and waited for: one that has stopped, too. waitpid() that told of a stop has not collected it.")) {
  const std::set<std::string> before = files_here();
  StoppedAtTheEnd stopped;
  auto fate = stopped.start("fate SEGV QUIT TERM STOP TSTP CONT URG CHLD USR1", with_cores(most_core, most_core));
  CHECK(fate.prints("10 USR1 ends"));
  CHECK(fate.exits_with(0));
  play::let_all_come_to_rest(lab.testbed());  // what was left goes on, and ends or waits: then it is looked at
  CHECK(stopped.explains(fate.leaves_nothing_behind()));
  CHECK(leaves_no_file(fate, before));
}

namespace {

const std::vector<play::WatchedCall>& of_a_child() {
  static const std::vector<play::WatchedCall> calls{
      {SYS_kill}, {SYS_tkill}, {SYS_tgkill}, {SYS_rt_sigqueueinfo}, {SYS_rt_tgsigqueueinfo}, {SYS_pidfd_send_signal},
      {SYS_rt_sigprocmask}, {SYS_setpgid}, {SYS_prctl}, {SYS_exit_group}, {SYS_exit}};
  return calls;  // not rt_sigaction: a right program may reset all 62 dispositions in every child
}

const std::vector<play::WatchedCall>& of_the_parent() {
  static const std::vector<play::WatchedCall> calls{{SYS_kill}, {SYS_rt_sigqueueinfo}, {SYS_pidfd_send_signal}, {SYS_wait4}, {SYS_waitid}};
  return calls;
}

enum class Late { children, parent };

/// Whoever is late gets to each of these calls only when nothing else can move any more. So whoever goes by a clock has gone
/// on by then, however long that took.
play::Program late(const std::string& words, Late who) {
  play::BeforeCall calls(lab.testbed(), who == Late::children ? of_a_child() : of_the_parent());
  auto program = lab.start(words, calls.order());
  const pid_t parent = program.pid();  // nobody is held before hold()
  const play::Budget usual = lab.testbed().budget();
  lab.testbed().set_budget({.cpu = 0.2 * usual.cpu, .wall = 0.1 * usual.wall});  // who asks /proc again and again is given less time
  const auto is_late = [parent, who](pid_t pid, long) { return (pid == parent) == (who == Late::parent); };
  for (int before = -1; before < calls.times_held();) {
    before = calls.times_held();
    calls.hold(is_late);
    if (!calls.hold_to_the_last()) break;
  }
  lab.testbed().set_budget(usual);
  return program;
}

}  // namespace

TEST_CASE("fate: no clock decides"
          * id("no-clock") * points(5) * needs("continues") * needs("here") * needs("left-behind")
          * hint("Here some processes are held before single calls, until nothing else can move. Which event tells that the child is ready, has been hit, has ended? Wait for that.")) {
  const std::string term = "15 TERM ends", tstp = "20 TSTP stops", cont = "18 CONT continues", urg = "23 URG nothing";
  const std::vector<std::string> here{term, tstp, cont, urg};
  const Scene child{"each child is held before it sends, blocks and exits, until nothing else can move", {}};
  const Scene parent{"the parent is held before it sends and waits, until nothing else can move", {}};
  for (const auto& [who, scene] : {std::pair(Late::children, child), std::pair(Late::parent, parent)}) {
    auto whole = late("fate TERM", who);
    CHECK(says(whole, {signal_named("TERM").line()}, Part::all, because("signal/clock-decides"), scene));
    auto some = late("fate --here TERM TSTP CONT URG", who);
    CHECK(says(some, here, Part::all, because("signal/clock-decides"), scene));
  }
}

namespace {

/// A pid that was given out and is free again.
std::string pid_of_nobody() {
  const pid_t child = must(fork(), "fork");
  if (child == 0) _exit(0);
  siginfo_t info{};
  must(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), "waitid");
  const std::string inner = play::inside(child).text();
  must(waitpid(child, nullptr, 0), "waitpid");
  return inner;
}

void wait_for_all(const std::vector<play::Program>& programs) {
  play::wait_until(lab.testbed(), [&] {
    return std::all_of(programs.begin(), programs.end(), [](const play::Program& p) { return started_as(p).ending.has_value(); });
  });
  lab.testbed().pump();
}

/// The sleeper is ended by what was sent to it. It sleeps at a gate of ours, which is not the story.
play::Verdict arrives(play::Program& sleeper, int signal, const play::Program& sender) {
  const play::Verdict died = sleeper.dies_of(signal);
  if (died.passed()) return play::Verdict::yes();
  const std::string name = play::signal_name(signal), actual = died.evidence().actual;
  const bool lives = died.failed_by(play::Evidence::Kind::waits_for_check);
  return differs(sender, fmt::format("the process it was to send {} to is ended by that", name), lives ? "nothing has come there: it lives, and nothing is pending for it" : actual);
}

/// It has ended with 2 and a usage line, and has printed nothing. All were waited for at once: there are many.
play::Verdict refuses(play::Program& program) {
  const play::Started& started = started_as(program);
  if (!started.ending) return program.exits_with(2);
  if (started.ending->by_signal || started.ending->status != 2) return differs(program, "it exits with 2", "it " + play::describe(*started.ending));
  if (!started.out.text.empty()) return differs(program, "it prints nothing on standard output", "it printed " + quote(started.out.text));
  if (started.err.text.find("usage") == std::string::npos) return differs(program, "it writes a usage line on standard error", "it did not");
  return play::Verdict::yes();
}

}  // namespace

TEST_CASE("send: one signal to one process, or the reason why not"
          * id("send") * points(5) * needs("list") * todo(7)
          * hint("kill(2) does it. When it returns -1, errno says why: exit status 1, and strerror(3) on standard error.")) {
  auto bed = lab.gate("bed");
  auto sleeper = lab.start_program("gate", "bed");
  CHECK(bed.is_reached());
  const std::string pid = sleeper.inside().text();
  auto asks = lab.start(fmt::format("send 0 {}", pid));
  CHECK(asks.exits_with(0));
  CHECK(sleeper.stays_alive());
  auto sends = lab.start(fmt::format("send SIGUSR1 {}", pid));
  CHECK(sends.exits_with(0));
  CHECK(arrives(sleeper, SIGUSR1, sends));
  auto to_a_zombie = lab.start(fmt::format("send TERM {}", pid));
  CHECK(to_a_zombie.exits_with(0));
  auto to_nobody = lab.start(fmt::format("send TERM {}", pid_of_nobody()));
  CHECK(to_nobody.complains("No such process").means("signal/reason-not-told"));
  CHECK(to_nobody.exits_with(1));
  auto refused = lab.start(fmt::format("send TERM {}", pid), play::inheriting([] { play::seccomp::refuse_sending(EPERM); }));
  CHECK(refused.complains("Operation not permitted").means("signal/reason-not-told"));
  CHECK(refused.exits_with(1));
  // Whether 0 could be sent says nothing of another signal: a policy may let the one pass and not the other.
  auto only_this = lab.start(fmt::format("send TERM {}", pid), play::inheriting([] { play::seccomp::refuse_sending_of(SIGTERM, EPERM); }));
  CHECK(only_this.exits_with(1).where("here TERM alone is refused with EPERM, and 0 is not").hints("The call that sends it was refused, and nobody looked at what it returned."));
  CHECK(only_this.complains("Operation not permitted"));
}

TEST_CASE("a wrong command line sends nothing and ends with 2"
          * id("command-line") * points(5) * needs("send")
          * hint("The whole command line is understood before anything is done. To kill(2), 0 and negative numbers are whole groups.")) {
  auto bed = lab.gate("bed");
  auto sleeper = lab.start_program("gate", "bed");
  CHECK(bed.is_reached());
  const std::string pid = sleeper.inside().text();
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
  CHECK(arrives(sleeper, SIGTERM, right));
}

TEST_CASE("fate --core: which signals make a core file, where one is allowed; and the files go again"
          * id("core") * stretch() * points(0) * needs("left-behind") * todo(8)
          * hint("WCOREDUMP(3) says whether there was one. The limit is RLIMIT_CORE (getrlimit(2)), and a child inherits it. Remove the files that were made, and no other: a folder of its own makes that easy.")) {
  const play::File stranger = lab.file("core.of-a-stranger");
  stranger.put("precious\n");
  const std::set<std::string> before = files_here();
  const std::vector<std::string> none{signal_named("SEGV").line(), signal_named("TERM").line(), signal_named("CHLD").line()};
  auto forbidden = lab.start("fate --core SEGV TERM CHLD");
  CHECK(says(forbidden, none, Part::all, from_a_table));
  CHECK(stranger.has_text("precious\n"));
  // Elsewhere the kernel would hand a core file to a program of the system: this check does not cause that.
  if (cores_are_files_here()) {
    auto allowed = lab.start("fate --core SEGV TERM CHLD", with_cores(most_core, 0));
    CHECK(says(allowed, {"11 SEGV core catch block ignore", none[1], none[2]}));
    CHECK(allowed.leaves_nothing_behind());
    CHECK(leaves_no_file(allowed, before));
    CHECK(stranger.has_text("precious\n"));
  }
}

TEST_SUITE_END();
