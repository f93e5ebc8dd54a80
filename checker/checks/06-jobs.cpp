// Lab 06: what a launcher must live through on a terminal, and who adopts an orphan. The words are explained in
// check.hpp. A race is decided by a turnstile that holds one of the two; a job stands still because it is a gate.
#include "check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>

#include "base/text.hpp"
#include "play/dying.hpp"
#include "play/forks.hpp"
#include "play/turnstile.hpp"
#include "see/calls.hpp"

using namespace std::string_literals;
using play::Evidence, play::Group, play::Observed, play::Program, play::Turnstile, play::Verdict;

namespace {

// Standard error of a launcher on a terminal goes to a file, so that it can be told from what it prints.
room::Order errors_to(const std::string& file) {
  room::Order order;
  order.prepare = [file] {
    const base::Fd fd = base::open_file(file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    base::must(dup2(fd.get(), 2), "dup2");
  };
  return order;
}

// One line each.
Verdict complaints_come_to(const std::string& file, long wanted) {
  const auto lines = [&] {
    const std::string all = base::read_file(file);
    return std::count(all.begin(), all.end(), '\n');
  };
  if (play::wait_until(lab.stage(), [&] { return lines() >= wanted; })) return Verdict::yes();
  return Verdict::no(
      {fmt::format("it writes {} lines on standard error: no such job, a wrong line, no such command", wanted),
       fmt::format("it wrote {}", lines()),
       {"on standard error: " + base::quote(base::read_file(file), 200)},
       {},
       {},
       {}});
}

// The rest of the line that it is printing is `news`.
Verdict goes_on_with(Program& jobs, const std::string& news) {
  play::wait_until(lab.stage(), [&] { return jobs.unread().find('\n') != std::string::npos; });
  const std::string unread = jobs.unread(), line = unread.substr(0, unread.find('\n'));
  if (line == news) return jobs.prints(news + "\n");
  return Verdict::no(
      {fmt::format("it says {} of the job", base::quote(news)), "it says " + base::quote(line), {}, {}, {}, {}});
}

// For what the kernel has shown already: that it has not come is a finding, whatever everyone waits for now.
Verdict finds(Verdict verdict, const std::string& diagnosis, const std::string& actual) {
  Evidence e = verdict.evidence();
  if (e.expected.empty() || e.kind == Evidence::Kind::ended || e.kind == Evidence::Kind::spent) return verdict;
  e.kind = Evidence::Kind::differs;
  e.actual = actual;
  e.diagnoses = {diagnosis};
  return Verdict::no(std::move(e));
}

// A job has been seen to stop: it says so.
Verdict notices(Program& jobs, const std::string& news) {
  return finds(jobs.prints(news), "process/stop-not-noticed",
               "all of the job that lives is stopped, and it says nothing of it");
}

// No job is in front any more.
Verdict has_the_terminal_again(const Program& jobs) {
  return finds(jobs.is_in_foreground(), "terminal/not-taken-back", "another one is, and no process of it can read");
}

// Its child does not go on as a second launcher.
Verdict has_no_double(const Program& jobs) {
  const auto doubles = [&] {
    std::vector<std::string> lines;
    for (const see::Process& p : lab.stage().family())
      if (p.stat.parent == jobs.pid() && p.stat.name == jobs.name() && !p.ended())
        lines.push_back(fmt::format("{} {}   is a child of {} {}", p.stat.name, p.status.inner_pid, jobs.name(),
                                    see::status_of(jobs.pid())->inner_pid));
    return lines;
  };
  if (play::wait_until(lab.stage(), [&] { return doubles().empty(); })) return Verdict::yes();
  return Verdict::no(
      {"it runs once", "its child runs as a second launcher", doubles(), {"process/child-runs-on"}, {}, {}});
}

// "[1] done 0" is said this often, and no more when nothing moves any longer.
Verdict says(const Program& jobs, const std::string& news, int times) {
  const auto said = [&] {
    int n = 0;
    const std::string all = jobs.printed();
    for (size_t at = all.find(news); at != std::string::npos; at = all.find(news, at + 1)) ++n;
    return n;
  };
  const play::Waited waited = play::wait_until(lab.stage(), [&] { return said() > times; });
  if (said() == times && waited.outcome == play::Waited::Outcome::quiet) return Verdict::yes();
  Evidence e;
  e.expected =
      fmt::format("it says {} {} in all", base::quote(news), times == 1 ? "once" : fmt::format("{} times", times));
  e.actual = waited.outcome == play::Waited::Outcome::spent ? waited.why : fmt::format("it says it {} times", said());
  e.lines.push_back("it has printed " + base::quote(jobs.printed()));
  return Verdict::no(std::move(e));
}

// The terminal has gone: it ends.
Verdict hears_the_hang_up(const Program& jobs) {
  return finds(jobs.is_gone(), "signal/hang-up-not-heard", "it lives on");
}

std::string names_in(std::uint64_t set, const std::vector<int>& signals) {
  std::vector<std::string> names;
  for (const int s : signals)
    if ((set >> (s - 1) & 1) != 0) names.push_back(see::signal_name(s));
  return base::join(names, ", ");
}

// A signal that a stopped job does not hear yet was sent to it. If it went on, or has ended, SIGCONT came with it.
Verdict is_stopped_still(const Group& job) {
  Verdict stopped = job.is_stopped();
  Evidence e = stopped.evidence();
  if (e.expected.empty() || e.kind == Evidence::Kind::spent) return stopped;
  e.kind = Evidence::Kind::differs;
  e.diagnoses = {"signal/more-than-was-asked"};
  return Verdict::no(std::move(e));
}

// What a command has from its launcher: nothing ignored, nothing blocked.
Verdict starts_clean(const Observed& command) {
  std::vector<int> all;
  for (int s = 1; s < SIGRTMIN - 2; ++s) all.push_back(s);
  const auto status = see::status_of(command.pid());
  const std::string ignored =
      status ? names_in(status->ignored, {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGHUP}) : "";
  const std::string blocked = status ? names_in(status->blocked, all) : "";
  if (ignored.empty() && blocked.empty()) return Verdict::yes();
  Evidence e;
  e.expected = command.name() + " starts with an empty signal mask, and ignores nothing";
  e.actual = ignored.empty() ? "it has blocked " + blocked : "it ignores " + ignored;
  e.diagnoses.emplace_back("signal/handed-on");
  return Verdict::no(std::move(e));
}

// Neither ended nor stopped when nothing moves any more.
Verdict lives_on(Program& jobs) {
  if (Verdict alive = jobs.stays_alive(); !alive.evidence().expected.empty()) return alive;
  const auto stat = see::stat_of(jobs.pid());
  if (!stat || stat->state != 'T') return Verdict::yes();
  return Verdict::no({"it lives on", "it is stopped", {}, {}, {}, {}});
}

// Who is held at a turnstile: the launcher itself, or the processes it has made.
Turnstile::Whom launcher(const Program& jobs) {
  return [pid = jobs.pid()](pid_t who, long) { return who == pid; };
}
Turnstile::Whom children_of(const Program& jobs) {
  return [pid = jobs.pid()](pid_t who, long) { return who != pid; };
}

std::function<bool()> said(const Program& jobs, const std::string& text) {
  return [jobs, text] { return jobs.printed().find(text) != std::string::npos; };
}

}  // namespace

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("a job is started, ends, and is reported"
          * id("started") * points(10)
          * hint("Begin with TODO 1, 3 and 4 in labs/06-jobs/jobs.cpp: start a command, collect what has ended, say it.")) {
  base::write_file("exit7", "exit 7\n");
  auto late = lab.gate("late"), doomed = lab.gate("doomed");
  auto jobs = lab.start_on_terminal("");
  for (const auto& [line, news] : {std::pair{"true"s, "done 0"s}, {"false", "done 1"}, {"sh exit7", "done 7"}}) {
    jobs.type(line + "\n");
    CHECK(jobs.prints("[1] started "));
    CHECK(jobs.prints("[1] "));
    CHECK(goes_on_with(jobs, news).means("process/status-word"));
    CHECK(has_the_terminal_again(jobs));
  }
  jobs.type("gate doomed\n");
  CHECK(jobs.prints("[1] started "));
  CHECK(doomed.is_reached());
  doomed.send(SIGKILL);
  CHECK(jobs.prints("[1] "));
  CHECK(goes_on_with(jobs, "killed SIGKILL").means("process/status-word"));
  jobs.type("no-such-command\n");
  CHECK(jobs.prints("[1] started "));
  CHECK(has_no_double(jobs));
  CHECK(jobs.prints("[1] done 127\n"));
  jobs.type("gate late true &\n");
  CHECK(late.is_reached());
  late.open();
  CHECK(jobs.prints("[1] done 0\n"));  // while it awaits a line
  jobs.type("exit\n");
  CHECK(jobs.exits_with(0));
  auto wrong = lab.start_on_terminal("", errors_to("errors"));
  wrong.type("fg %1\ntrue : : true\nno-such-command\n");
  CHECK(wrong.prints("[1] done 127\n"));
  CHECK(complaints_come_to("errors", 3));
  auto plain = lab.start("");
  CHECK(plain.exits_with(1));
  auto words = lab.start("now");
  CHECK(words.exits_with(2));
}

TEST_CASE("it sleeps when there is nothing to do, and no clock wakes it"
          * id("sleeps") * points(5) * needs("started")
          * hint("One ppoll() or sigsuspend() without a timeout waits for a line and for signals at once. A waitpid() without WNOHANG hears no line; and a launcher without the terminal cannot read one: who has it?")) {
  auto behind = lab.gate("behind"), front = lab.gate("front");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  jobs.type("gate behind &\n");
  CHECK(behind.is_reached());
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  jobs.type("gate front true\n");
  CHECK(front.is_reached());
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  CHECK(jobs.stays_alive());
  front.open();
  CHECK(jobs.prints("[2] done 0\n"));
}

namespace {

// The children come to setpgid() only when the launcher has said "started", or waits for them.
void start_with_late_children() {
  Turnstile turnstile(lab.stage(), {{SYS_setpgid}});
  auto c = lab.gate("c"), d = lab.gate("d");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("", turnstile.order());
  turnstile.hold(children_of(jobs));
  jobs.type("gate c : gate d &\n");
  turnstile.hold_until(said(jobs, "[1] started "));
  CHECK(job.is_told_by(jobs, "[1] started "));
  CHECK(job.holds_every_child_of(jobs).means("process/outside-its-group"));
  turnstile.open();
  CHECK(c.is_reached());
  CHECK(d.is_reached());
  CHECK(job.holds({"gate", "gate"}));
}

// The launcher is held after each child, until that one stands still as its command, or has ended.
void start_with_late_launcher(const std::string& first) {
  auto e = lab.gate("e" + first), f = lab.gate("f" + first);
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.prints("> "));
  play::Forks forks(lab.stage(), jobs);
  jobs.type(fmt::format("{0} e{0} : gate f{0} &\n", first));
  forks.hold_at_each();
  CHECK(job.is_told_by(jobs, "[1] started "));
  if (first == "gate") CHECK(e.is_reached());
  CHECK(f.is_reached());
  CHECK(job.holds(first == "gate" ? std::vector<std::string>{"gate", "gate"} : std::vector<std::string>{"gate"})
            .means("process/outside-its-group"));
}

}  // namespace

TEST_CASE("the processes of a job are one group before it is announced, whoever comes first"
          * id("group") * points(15) * needs("sleeps")
          * hint("The first process makes a group of its own number with setpgid(), the others join it. After fork() nobody knows who runs first: is it "
                 "done in time if the child is slow, if the parent is slow, if the first command has ended already?")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b &\n");
  CHECK(job.is_told_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
  CHECK(job.holds({"gate", "gate"}).means("process/outside-its-group"));
  CHECK(a.is_child_of(jobs));
  start_with_late_children();
  start_with_late_launcher("gate");
  start_with_late_launcher("true");
}

TEST_CASE("a command starts clean: three descriptors, no signal blocked or ignored"
          * id("clean") * points(5) * needs("sleeps")
          * hint("What is ignored or blocked stays so across exec. grep Sig /proc/PID/status and ls /proc/PID/fd show what a command has.")) {
  for (const bool inherits : {false, true}) {
    auto a = lab.gate("a" + std::to_string(inherits)), b = lab.gate("b" + std::to_string(inherits));
    room::Order order;
    if (inherits)
      order.prepare = [] {
        sigset_t blocked;
        sigemptyset(&blocked);
        for (const int s : {SIGCHLD, SIGHUP, SIGINT}) sigaddset(&blocked, s);
        sigprocmask(SIG_BLOCK, &blocked, nullptr);
        for (const int s : {SIGCHLD, SIGHUP}) signal(s, SIG_IGN);
      };
    auto jobs = lab.start_on_terminal("", order);
    jobs.type(inherits ? "gate a1 : gate b1 &\n" : "gate a0 : gate b0 &\n");
    for (auto* gate : {&a, &b}) {
      CHECK(gate->is_reached());
      CHECK(gate->keeps_open({0, 1, 2}));
      CHECK(starts_clean(*gate));
    }
    jobs.type("true\n");
    CHECK(jobs.prints("[2] done 0\n"));
  }
}

TEST_CASE("a job is over with the last of its processes, and no zombie stays"
          * id("zombies") * points(5) * needs("group")
          * hint("SIGCHLD does not count: one may stand for ten children. Ask waitpid() until it has nothing more to tell. "
                 "A job is over when none of its processes is left; what is reported is its last command.")) {
  base::write_file("exit3", "exit 3\n");
  base::write_file("exit5", "exit 5\n");
  auto early = lab.gate("early"), late = lab.gate("late"), front = lab.gate("front");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate early sh exit3 : sh exit5\n");
  CHECK(jobs.prints("[1] started "));
  CHECK(jobs.prints("\n"));
  CHECK(early.is_reached());
  CHECK(jobs.prints_nothing_more());  // the last command has ended meanwhile, with 5: the first is the last to end
  early.open();
  CHECK(jobs.prints("[1] "));
  CHECK(goes_on_with(jobs, "done 5").means("process/wrong-child"));
  jobs.type("gate late true &\ngate front true\n");
  CHECK(late.is_reached());
  CHECK(front.is_reached());
  late.open();
  CHECK(jobs.prints("[1] done 0\n"));  // while another job is in front
  front.open();
  CHECK(jobs.prints("[2] done 0\n"));
  std::vector<Group> all;
  for (int i = 1; i <= 5; ++i) {
    auto a = lab.gate("a" + std::to_string(i)), b = lab.gate("b" + std::to_string(i));
    all.push_back(lab.group("job " + std::to_string(i)));
    jobs.type(fmt::format("gate a{0} : gate b{0}{1}\n", i, i < 5 ? " &" : ""));
    CHECK(all.back().is_told_by(jobs, fmt::format("[{}] started ", i)));
    CHECK(a.is_reached());
    CHECK(b.is_reached());
  }
  jobs.freeze();
  for (const Group& job : all) job.send(SIGKILL);
  for (const Group& job : all) CHECK(job.is_gone());
  jobs.thaw();
  CHECK(jobs.has_no_zombies());
  CHECK(says(jobs, "killed SIGKILL", 5));
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "true : true &\n";
  jobs.type(lines);
  CHECK(says(jobs, "done 0", 22));  // two were before
  CHECK(jobs.has_no_zombies());
}

namespace {

// The launcher is held until its child has become the command and stands still.
void read_before_the_launcher_gives() {
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.prints("> "));
  play::Forks forks(lab.stage(), jobs);
  jobs.type("cat\n");
  forks.hold_at_each();
  CHECK(job.is_told_by(jobs, "[1] started "));
  CHECK(job.holds({"cat"}));
  CHECK(job.goes_on().means("terminal/given-too-late"));
  CHECK(job.is_in_front());
}

}  // namespace

TEST_CASE("a job in front has the terminal, and the launcher has it again afterwards"
          * id("terminal") * points(10) * needs("group") * needs("clean")
          * hint("tcsetpgrp() says which group the keyboard belongs to. The launcher needs it back before it reads again.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto front = lab.group("the job in front"), behind = lab.group("the job behind"), last = lab.group("the last job");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(behind.is_told_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  CHECK(behind.is_behind().means("terminal/given-to-a-job-behind"));
  jobs.type("gate b\n");
  CHECK(front.is_told_by(jobs, "[2] started "));
  CHECK(b.is_reached());
  CHECK(front.is_in_front().means("terminal/not-given"));
  jobs.type("for b\n");
  CHECK(jobs.prints("for b\n"));  // as it is echoed
  CHECK(lives_on(jobs).means("terminal/read-while-a-job-is-in-front"));
  b.open();
  CHECK(jobs.prints("for b\n").means("terminal/read-while-a-job-is-in-front"));  // as the gate, now a copier, prints it
  jobs.type(key::ctrl_d);
  CHECK(jobs.prints("[2] done 0\n"));
  CHECK(has_the_terminal_again(jobs));
  jobs.type("gate c true\ntrue\n");  // in one piece: the second line is not for the first job, and waits
  CHECK(last.is_told_by(jobs, "[2] started "));
  CHECK(c.is_reached());
  c.open();
  CHECK(jobs.prints("[2] done 0\n"));
  CHECK(jobs.prints("[2] started "));
  CHECK(jobs.prints("[2] done 0\n"));
  read_before_the_launcher_gives();
}

TEST_CASE("Ctrl-C, Ctrl-\\ and Ctrl-Z reach the job in front, and nobody else"
          * id("keys") * points(10) * needs("terminal") * needs("zombies")
          * hint("The kernel sends these signals to the foreground group. When the launcher is in front itself, it is the one who gets them.")) {
  for (const bool leads : {true, false}) {
    const std::string n = leads ? "1" : "2";
    auto behind = lab.gate("behind" + n);
    auto hidden = lab.group("the job behind"), stopped = lab.group("the job in front");
    auto jobs = leads ? lab.start_on_terminal("") : lab.start_below_leader("");
    jobs.type("gate behind" + n + " &\n");
    CHECK(hidden.is_told_by(jobs, "[1] started "));
    CHECK(behind.is_reached());
    for (const char* pressed : {key::ctrl_c, key::ctrl_backslash, key::ctrl_z}) {
      jobs.type(pressed);  // the launcher is in front itself
      CHECK(lives_on(jobs).means("signal/reaches-the-launcher"));
    }
    for (const auto& [pressed, news] :
         {std::pair{key::ctrl_c, "killed SIGINT"s}, {key::ctrl_backslash, "killed SIGQUIT"}}) {
      const std::string name = news.substr(7) + n;
      auto first = lab.gate(name), second = lab.gate(name + "b");
      jobs.type("gate " + name + " : gate " + name + "b\n");
      CHECK(first.is_reached());
      CHECK(second.is_reached());
      jobs.type(pressed);
      CHECK(jobs.prints("[2] " + news + "\n"));
    }
    auto last = lab.gate("last" + n);
    jobs.type("gate last" + n + " : cat\n");
    CHECK(stopped.is_told_by(jobs, "[2] started "));
    CHECK(last.is_reached());
    jobs.type(key::ctrl_z);
    CHECK(stopped.is_stopped());
    CHECK(lives_on(jobs).means("signal/reaches-the-launcher"));
    CHECK(hidden.goes_on());
  }
}

TEST_CASE("a stopped job goes on whole, behind or in front"
          * id("stop") * points(10) * needs("terminal") * needs("zombies")
          * hint("WUNTRACED makes waitpid() tell of stops. fg and bg send SIGCONT to the whole group. From then on the job runs for the table too, and with fg it is in front: the launcher does not read.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto job = lab.group("job 1"), half = lab.group("job 2");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b\n");
  CHECK(job.is_told_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  CHECK(b.is_reached());
  jobs.type(key::ctrl_z);
  CHECK(job.is_stopped());
  CHECK(notices(jobs, "[1] stopped SIGTSTP\n"));
  CHECK(has_the_terminal_again(jobs));
  jobs.type("jobs\nbg\n");
  CHECK(jobs.prints("[1] stopped gate a : gate b"));
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(job.goes_on().means("signal/not-continued"));
  CHECK(job.is_behind().means("terminal/given-to-a-job-behind"));
  jobs.type("jobs\nfg %1\n");
  CHECK(jobs.prints("[1] running gate a : gate b"));
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(job.is_in_front().means("terminal/not-given"));
  jobs.type(key::ctrl_z);
  CHECK(jobs.prints("[1] stopped SIGTSTP\n"));
  jobs.type("true : gate c\n");
  CHECK(half.is_told_by(jobs, "[2] started "));
  CHECK(half.holds({"gate"}));
  CHECK(c.is_reached());
  jobs.type(key::ctrl_z);
  CHECK(half.is_stopped());
  CHECK(notices(jobs, "[2] stopped SIGTSTP\n"));  // true has ended, and does not count
  jobs.type("fg %1\n");
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(job.goes_on().means("signal/not-continued"));
  CHECK(a.is_reached());  // stands there again
  CHECK(b.is_reached());
  a.open();
  b.open();
  jobs.type(key::ctrl_d);
  CHECK(jobs.prints("[1] done 0\n"));
  CHECK(says(jobs, "[1] stopped SIGTSTP", 2));
}

TEST_CASE("a job behind that wants the terminal stops, and fg lets it succeed"
          * id("behind") * points(10) * needs("stop")
          * hint("Reading from behind brings SIGTTIN, setting modes SIGTTOU. With fg, what has to come first: the terminal or SIGCONT?")) {
  Turnstile turnstile(lab.stage(), {{SYS_ioctl, TIOCSPGRP}});
  auto job = lab.group("job 1"), modes = lab.group("job 2");
  auto jobs = lab.start_on_terminal("", turnstile.order());
  jobs.type("cat &\n");
  CHECK(job.is_told_by(jobs, "[1] started "));
  CHECK(jobs.prints("[1] stopped SIGTTIN\n"));
  jobs.type("stty -echo &\n");
  CHECK(jobs.prints("[2] stopped SIGTTOU\n"));
  turnstile.hold(launcher(jobs));
  jobs.type("fg %1\n");
  turnstile.hold_to_the_last();
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(job.goes_on().means("terminal/given-too-late"));
  jobs.type("x\n");
  CHECK(jobs.prints("x\nx\n"));  // echoed, and copied
  jobs.type(key::ctrl_d);
  CHECK(jobs.prints("[1] done 0\n"));
  jobs.type("fg\n");
  CHECK(jobs.prints("[2] continued\n"));
  CHECK(jobs.prints("[2] done 0\n"));
}

TEST_CASE("kill sends one signal to the whole job"
          * id("kill") * points(5) * needs("stop")
          * hint("kill() with a negative number reaches a whole process group. A stopped process hears SIGTERM only when it goes on.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c"), d = lab.gate("d");
  auto job = lab.group("job 1"), other = lab.group("job 2");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b : gate c &\n");
  CHECK(job.is_told_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b, &c}) CHECK(gate->is_reached());
  jobs.type("gate d &\n");
  CHECK(other.is_told_by(jobs, "[2] started "));
  CHECK(d.is_reached());
  jobs.type("kill -STOP %1\n");
  CHECK(job.is_stopped().means("signal/one-of-the-group"));
  CHECK(jobs.prints("[1] stopped "));
  jobs.type("kill %1\n");
  CHECK(job.has_pending(SIGTERM).means("signal/more-than-was-asked"));
  CHECK(jobs.sleeps());
  CHECK(is_stopped_still(job));  // no SIGCONT came with it
  jobs.type("bg %1\n");
  CHECK(jobs.prints("[1] killed SIGTERM\n"));
  jobs.type("kill -SIGSTOP %2\n");
  CHECK(jobs.prints("[2] stopped "));
  jobs.type("kill -9 %2\n");
  CHECK(jobs.prints("[2] killed SIGKILL\n"));
}

TEST_CASE("when the launcher ends, every job hears SIGHUP"
          * id("end") * points(5) * needs("stop")
          * hint("exit, end-of-file and SIGHUP end the launcher. Which signal tells a job that its terminal has gone?")) {
  for (const std::string way : {"exit", "end-of-file", "hang-up", "hang-up with a job in front"}) {
    const std::string n = std::to_string(way.size());
    auto a = lab.gate("a" + n), b = lab.gate("b" + n), c = lab.gate("c" + n), d = lab.gate("d" + n),
         ignoring = lab.gate("ignoring" + n);
    auto running = lab.group("the running job"), stopped = lab.group("the stopped job"),
         front = lab.group("the job in front");
    auto jobs = lab.start_on_terminal("");
    jobs.type(fmt::format("gate a{0} : gate d{0} &\n", n));
    CHECK(running.is_told_by(jobs, "[1] started "));
    CHECK(a.is_reached());
    CHECK(d.is_reached());
    jobs.type(fmt::format("gate b{0} &\n", n));
    CHECK(stopped.is_told_by(jobs, "[2] started "));
    CHECK(b.is_reached());
    stopped.send(SIGSTOP);
    CHECK(jobs.prints("[2] stopped "));
    base::write_file("deaf", "trap '' HUP\nexec gate $1\n");
    jobs.type(fmt::format("sh deaf ignoring{} &\n", n));
    CHECK(ignoring.is_reached());
    if (way.size() > 11) {
      jobs.type(fmt::format("gate c{}\n", n));
      CHECK(front.is_told_by(jobs, "[4] started "));
      CHECK(c.is_reached());
    }
    if (way == "exit") jobs.type("exit\n");
    else if (way == "end-of-file") jobs.type(key::ctrl_d);
    else jobs.hang_up();
    if (way[0] == 'e') CHECK(jobs.exits_with(0));
    else CHECK(hears_the_hang_up(jobs));
    CHECK(running.is_gone().means("signal/no-hang-up"));
    CHECK(stopped.is_gone().means("signal/no-hang-up"));
    if (way.size() > 11) CHECK(front.is_gone());
    CHECK(ignoring.is_reached());  // it lives on
    ignoring.open();
  }
}

namespace {

struct Orphans {
  pid_t child, parent;  // as this machine numbers them
};

pid_t inner(pid_t pid) {
  const auto status = see::status_of(pid);
  return status ? status->inner_pid : 0;
}

// Waits until the program is about to send SIGKILL, and finds its family.
Verdict is_about_to_kill(const Program& orphan, const Turnstile& at_kill, Orphans& found) {
  const auto there = [&] {
    found = {0, 0};
    const see::Family family = lab.stage().family();
    for (const see::Process* parent : see::children_in(family, orphan.pid()))
      for (const see::Process* child : see::children_in(family, parent->pid())) found = {child->pid(), parent->pid()};
    return at_kill.held() > 0 && found.child != 0;
  };
  const play::Waited waited = play::wait_until(lab.stage(), there);
  if (waited) return Verdict::yes();
  Evidence e;
  e.expected = "it has a child with a child of its own, and sends SIGKILL to it";
  const std::string endings = lab.stage().endings();
  e.actual = !endings.empty() ? endings : found.child == 0 ? "there is no such family" : "it does not";
  e.lines = lab.stage().tell(waited.family).lines;
  return Verdict::no(std::move(e));
}

Verdict has_ended(const std::string& who, pid_t pid) {
  const play::Waited waited = play::wait_until(lab.stage(), [&] {
    const auto stat = see::stat_of(pid);
    return !stat || stat->state == 'Z';
  });
  if (waited) return Verdict::yes();
  return Verdict::no({"when it has ended, " + who + " has ended too",
                      "that one lives",
                      lab.stage().tell(waited.family).lines,
                      {"process/left-running"},
                      {},
                      {}});
}

Verdict is_waited_for(const std::string& who, pid_t pid) {
  if (!see::stat_of(pid)) return Verdict::yes();
  return Verdict::no({"when it has ended, it has waited for " + who,
                      "that one is still in the process table",
                      {},
                      {"process/not-waited-for"},
                      {},
                      {}});
}

std::string child_of(pid_t child, pid_t parent) { return fmt::format("child {} of {}\n", child, parent); }

const std::vector<play::Watch> sends_sigkill{
    {SYS_kill, SIGKILL}, {SYS_pidfd_send_signal, SIGKILL}, {SYS_tgkill, SIGKILL}};

}  // namespace

TEST_CASE("an orphan is adopted by the nearest subreaper above it, when its parent is dead"
          * id("adopted") * points(10)
          * hint("getppid() in the child tells its parent. With --adopt, who must call prctl(PR_SET_CHILD_SUBREAPER), and before what? And kill() only "
                 "sends the signal: waitpid(), or a pidfd that has become readable, says that the parent is dead.")) {
  for (const std::string way : {"", "below a subreaper", "--adopt"}) {
    const bool below = way == "below a subreaper", adopts = way == "--adopt";
    Turnstile at_kill(lab.stage(), sends_sigkill);
    at_kill.hold([](pid_t, long) { return true; });
    room::Order order;
    order.prepare = [] {
      for (const int s : {SIGCHLD, SIGTERM}) signal(s, SIG_IGN);
    };
    auto orphan =
        below ? play::start_below_leader(lab.stage(), "orphan", {}, play::Stage::Tie::streams, at_kill.order(order))
              : lab.start_program("orphan", way, at_kill.order(order));
    Orphans found{};
    CHECK(is_about_to_kill(orphan, at_kill, found));
    const pid_t child = inner(found.child), parent = inner(found.parent);
    // The room's pid 1; where it has none, this check.
    const pid_t above = lab.stage().room().keeper() ? 1 : getpid();
    const pid_t adopter = adopts ? inner(orphan.pid()) : below ? inner(see::stat_of(orphan.pid())->parent) : above;
    CHECK(orphan.prints_only(child_of(child, parent)));
    play::Dying dying(lab.stage(), found.parent);
    at_kill.open();
    CHECK(dying.is_killed());
    CHECK(orphan.prints_nothing_more().means("process/looked-too-soon"));
    CHECK(orphan.sleeps().means("process/looked-too-soon"));
    dying.let_die();
    CHECK(orphan.prints_only(fmt::format("killed {}\n", parent) + child_of(child, adopter))
              .means("process/wrong-adopter"));
    CHECK(orphan.exits_with(0));
    CHECK(has_ended("the child", found.child));
    CHECK(is_waited_for("the parent", found.parent));
    // Whom somebody else has adopted is a zombie until that one waits: not this program's affair.
    if (adopts) CHECK(is_waited_for("the child it has adopted", found.child));
  }
}

TEST_CASE("the terminal is as it was after a job that was killed or stopped"
          * id("modes") * points(5) * stretch() * needs("behind")
          * hint("tcgetattr() when a job stops keeps its modes for fg; tcsetattr() gives the launcher its own.")) {
  base::write_file("quiet", "stty -echo\ngate a\nstty -a\nexec gate b\n");
  auto a = lab.gate("a"), b = lab.gate("b");
  auto jobs = lab.start_on_terminal("");
  jobs.type("sh quiet\n");
  CHECK(a.is_reached());
  jobs.type(key::ctrl_z);
  CHECK(jobs.prints("[1] stopped SIGTSTP\n"));
  jobs.type("stty -a\n");
  CHECK(jobs.prints("iexten echo "));
  CHECK(jobs.prints("[2] done 0\n"));
  jobs.type("fg %1\n");
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(a.is_reached());
  a.open();
  jobs.type(key::ctrl_d);
  CHECK(jobs.prints("iexten -echo "));
  CHECK(b.is_reached());
  jobs.type(key::ctrl_c);
  CHECK(jobs.prints("[1] killed SIGINT\n"));
  jobs.type("stty -a\n");
  CHECK(jobs.prints("iexten echo "));
}

TEST_CASE("a job that somebody else lets go on is running again"
          * id("continued") * points(5) * stretch() * needs("behind")
          * hint("waitpid() with WCONTINUED tells of it. The next stop is news again.")) {
  auto a = lab.gate("a");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(job.is_told_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  job.send(SIGSTOP);
  CHECK(jobs.prints("[1] stopped SIGSTOP\n"));
  job.send(SIGCONT);
  CHECK(job.goes_on());
  jobs.type("jobs\n");
  CHECK(jobs.prints("[1] running gate a"));
  job.send(SIGSTOP);
  CHECK(jobs.prints("[1] stopped SIGSTOP\n"));
}

TEST_SUITE_END();
