// Lab 04: what a worker does with its lines, before any signal comes: its jobs, what they are given, STATE, refusals. The
// words are explained in check.hpp and words.hpp. A job stands at a gate until steady sleeps: what comes on its way to
// sleep is the affair of other cases.
#include "words.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace shutdown;

namespace {

// The job is at its gate, and steady asleep: what the job does next finds steady where it waits.
Verdict is_waited_for(Steady& steady, play::Gate& gate) {
  Verdict reached = steady.brings_to(gate);
  steady.settle();
  return reached;
}

Verdict leaves_nothing_open(const play::Gate& job) {
  Verdict exactly = job.keeps_open({0, 1, 2});
  const bool leaks = !exactly.evidence().too_many.empty();
  return std::move(exactly).means("process/descriptor-leaked", leaks);
}

// The job `sh -c LINE` ends as it likes, after steady has gone to sleep.
Verdict ends_as(play::Gate& gate, const std::string& line, int status, const std::string& raw) {
  auto steady = steady_with("gate e sh -c");
  steady.type(line + "\n");
  if (Verdict reached = is_waited_for(steady, gate); !reached.passed()) return reached;
  let_go(gate);
  const std::string end = "end " + std::to_string(status) + " " + line + "\n";
  return steady.prints_next("ready\nstart " + line + "\n" + end).means("process/status-word", steady.has_printed("end " + raw + " "));
}

// exec fails at once: where steady does not hear of that on its way to sleep, it is told once more.
Verdict cannot_be_executed(const std::string& command, int status) {
  auto steady = steady_with(command);
  if (Verdict ready = steady.prints_next("ready\n"); !ready.passed()) return ready;
  const std::string line = nonce(), lines = "start " + line + "\nend " + std::to_string(status) + " " + line + "\n";
  steady.type(line + "\n");
  if (steady.prints_next(lines).passed()) return Verdict::yes();
  if (!steady.has_ended()) steady.tell(SIGCHLD);
  return steady.prints_next(lines);
}

// A shell that replaces itself by the command is not seen in /proc any more. But it has put PWD into the environment.
Verdict knows_no_shell(Steady& steady) {
  steady.settle();
  if (!steady.has_printed("start PWD\n/")) return Verdict::yes();
  return Verdict::no("PWD is not in the environment of a job", "`printenv PWD` printed a path", {"it has printed " + quote(steady.printed())})
      .means("process/shell-before-the-job");
}

const char* const gone_already = "The job has ended, and is no zombie: somebody has waited for it, or nobody will, because SIGCHLD is ignored or has SA_NOCLDWAIT (sigaction(2)). What does waitpid() return then, and is that looked at?";
const char* const no_process = "here fork() failed, as on a machine that has no process left";
const char* const fork_refused = "fork() was refused and returned -1, which is no pid: a line on standard error, and exit status 1. kill(-job) of it would be kill(1).";

// The job stands at its gate. steady has made it, by fork and exec: neither is another program the one that runs the jobs,
// nor stands one between steady and this job. `before` is the parent of the job before this one, where there was one.
Verdict is_made_by(const Steady& steady, const play::Gate& gate, pid_t before = 0) {
  const pid_t parent = play::parent_of(gate.pid());
  if (!steady.is_not_executed_by(parent)) return Verdict::yes();
  const bool runs_them_all = parent == steady.pid() || parent == before;
  return Verdict::no(play::with_context(lab.testbed(), {"the job is a child of steady", "it is a child of `" + play::program_of(parent) + "`"}))
      .is_explained_by(runs_them_all ? "process/stands-in" : "process/shell-before-the-job");
}

// No new process: fork and its kin fail, a thread may still be made.
void refuse_processes() {
  constexpr std::uint32_t as_fork = 0x01200000, as_spawn = 0x4100;  // CLONE_CHILD_SETTID and CLEARTID; VM and VFORK
  play::seccomp::Filter filter;
  filter.refuse(SYS_clone3, ENOSYS);  // its flags are in memory: the C library then asks clone()
  for (const std::uint32_t flags : {0U, as_fork, as_spawn}) filter.refuse(SYS_clone, EAGAIN, {{0, flags | SIGCHLD}});
#ifdef SYS_fork
  filter.refuse(SYS_fork, EAGAIN);
  filter.refuse(SYS_vfork, EAGAIN);
#endif
  filter.install();
}

}  // namespace

TEST_SUITE_BEGIN("04-shutdown");

TEST_CASE("a line is a job: the command of CONFIG starts, with the whole line as one more argument"
          * id("first-job") * points(4) * todo(1)
          * hint("One line is there: it is said, and fork() makes the process that becomes the command. Look with: ps -o pid,ppid,args")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g printf [%s]\\n");
  const std::string word = nonce(), line = word + "  blanks * $HOME;";
  steady.type(line + "\n");
  CHECK(steady.prints("start " + line + "\n"));
  CHECK(is_waited_for(steady, gate));
  CHECK(is_made_by(steady, gate));
  CHECK(gate.shares(1, steady, 1).hints("A job writes where steady does: its descriptors 1 and 2 stay open. Which is the first that may be closed?"));
  let_go(gate);
  CHECK(steady.prints("[" + line + "]\n").means("process/line-taken-apart", steady.has_printed("[" + word + "]")));
  auto bare = steady_with("gate g printenv");
  bare.type("PWD\n");
  CHECK(is_waited_for(bare, gate));
  let_go(gate);
  CHECK(gate.is_gone());
  CHECK(knows_no_shell(bare));
}

TEST_CASE("jobs run one at a time, in order; the end of each is told, and the end of input is steady's own"
          * id("jobs") * points(5) * needs("first-job")
          * hint("After a job has ended, does the sleep end, and does the loop look again? waitpid() with WNOHANG says whether it has ended.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  const std::string one = nonce(), two = nonce(), three = nonce();
  CHECK(steady.prints_next("ready\n"));
  steady.type(one + "\n" + two + "\n" + three + "\n");
  steady.close_input();
  CHECK(steady.prints_next("start " + one + "\n"));
  pid_t parent = 0;
  for (const auto& [ended, next] : {std::pair{one, "start " + two + "\n"}, {two, "start " + three + "\n"}}) {
    CHECK(steady.brings_to(gate));
    CHECK(is_made_by(steady, gate, parent));
    parent = play::parent_of(gate.pid());
    Verdict alone = steady.says_nothing();
    CHECK(std::move(alone).hints(too_early, steady.has_printed("end " + ended)).hints("One at a time: while a job is in hand, no other line is taken."));
    let_go(gate);
    Verdict told = steady.prints_next("end 0 " + ended + "\n");
    const bool no_zombie = !told.passed() && !steady.has_ended() && gate.is_gone().passed() && steady.has_no_zombies().passed();
    CHECK(std::move(told).hints(gone_already, no_zombie));
    CHECK(steady.prints_next(next).hints("The end is told, and the next line is not begun: is steady idle again, and does it look at the lines that it has read?"));
  }
  CHECK(is_waited_for(steady, gate));
  let_go(gate);
  CHECK(steady.prints_next("end 0 " + three + "\n"));
  CHECK(steady.exits_with(0).hints("All jobs have ended, and so has the input: then it exits with 0."));
}

TEST_CASE("a line counts when it is complete; the last one needs no newline"
          * id("lines") * points(3) * needs("jobs")
          * hint("read() returns what is there, not a line: keep what has no newline yet.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("hal");
  CHECK(steady.prints_next("ready\n"));
  CHECK(steady.has_read_its_input());
  CHECK(steady.says_nothing());
  steady.type("f\nlast");
  CHECK(steady.prints_next("start half\n"));
  CHECK(is_waited_for(steady, gate));
  steady.close_input();
  let_go(gate);
  CHECK(steady.prints_next("end 0 half\nstart last\n"));
  Verdict last = steady.brings_to(gate);
  CHECK(std::move(last).hints("The input has ended, and a job is in hand: it is finished first.", steady.has_ended()));
}

TEST_CASE("`end` says how: the exit status, 128 + n for signal n, 127 and 126 where there is nothing to execute"
          * id("statuses") * points(4) * needs("first-job") * needs("jobs")
          * hint("A wait status is a word with two things in it: WIFEXITED and WEXITSTATUS, WIFSIGNALED and WTERMSIG take it apart.")) {
  auto gate = lab.gate("e");
  const int status = 1 + static_cast<int>(lab.dice()() % 99), signal = std::vector{SIGKILL, SIGUSR2, SIGALRM}[lab.dice()() % 3];
  CHECK(ends_as(gate, "exit " + std::to_string(status), status, std::to_string(status << 8)));
  CHECK(ends_as(gate, "kill -" + std::to_string(signal) + " $$", 128 + signal, "0").hints("Where a signal has ended the job, WIFSIGNALED says so, and it is 128 + WTERMSIG; WEXITSTATUS means nothing then."));
  write_file("plain", "not a program", 0644);
  CHECK(cannot_be_executed("no-such-" + nonce(), 127));
  CHECK(cannot_be_executed("./plain", 126));
}

TEST_CASE("STATE holds the job in hand, from before `start` is said until the job has ended"
          * id("state") * points(4) * needs("jobs")
          * hint("The file is there before `start` is said, and gone when the job has ended. Look with: cat state")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  CHECK(steady.prints_next("ready\n"));
  CHECK(lab.file("state").is_removed());
  const std::string line = nonce() + "  the bill";
  const auto asked = std::make_shared<bool>(true);  // it stays watched: later writes are let pass
  {
    play::AfterCall said(lab.testbed(), steady, "write()", [asked](const play::CallStop& call) {
      return *asked && (call.number == SYS_write || call.number == SYS_writev) && call.args[0] == STDOUT_FILENO;
    });
    steady.type(line + "\n");
    while (said.comes() && !steady.has_printed("start ")) said.let_go();
    CHECK(lab.file("state").has_text(line + "\n").where("here steady was held just after it had said `start`"));
    *asked = false;
  }
  CHECK(steady.prints_next("start " + line + "\n"));
  CHECK(is_waited_for(steady, gate));
  CHECK(lab.file("state").has_text(line + "\n"));
  let_go(gate);
  CHECK(lab.file("state").is_removed());
}

TEST_CASE("what cannot be done is refused: a wrong command line, a useless CONFIG, a STATE that cannot be written, no process"
          * id("refused") * points(2) * needs("first-job")
          * hint("Look at what open() and fork() return: -1 is no descriptor and no pid.")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("x\n");
  CHECK(steady.brings_to(gate));
  steady.send(SIGKILL);
  for (const char* words : {"", "config", "config state more"}) {
    auto wrong = lab.start(words);
    CHECK(wrong.complains("usage"));
    CHECK(wrong.exits_with(2));
  }
  write_file("empty", " \n");
  for (const char* words : {"missing state", "empty state", "config no-such-folder/state"}) {
    unlink("state");
    auto refused = lab.start(words);
    refused.type("x\n");
    CHECK(refused.complains("\n"));
    CHECK(refused.exits_with(1));
    CHECK(starts_nothing(refused));
  }
  unlink("state");
  auto alone = lab.start("config state", play::inheriting(refuse_processes));
  alone.type("x\n");
  CHECK(alone.complains("\n").where(no_process).hints(fork_refused));
  CHECK(alone.exits_with(1).where(no_process).hints(fork_refused));
}

TEST_CASE("a job has a process group of its own"
          * id("own-group") * points(3) * todo(2) * needs("first-job")
          * hint("A child is born into its parent's group. Who puts it into another one? Look with: ps -o pid,pgid,args")) {
  auto gate = lab.gate("g");
  auto steady = steady_with("gate g true");
  steady.type("one\n");
  CHECK(is_waited_for(steady, gate));
  CHECK(gate.has_another_group_than(steady).means("process/job-in-the-same-group"));
}

TEST_CASE("a job reads /dev/null, writes where steady does, and has no other descriptor"
          * id("job-files") * points(3) * needs("first-job")
          * hint("dup2() gives it another input; every other descriptor without close-on-exec stays open. Look with: ls -l /proc/PID/fd")) {
  auto gate = lab.gate("g");
  configure("gate g true");
  auto steady = steady_again(play::inheriting([] {
    const int extra = open("/dev/null", O_RDONLY);  // neither is close-on-exec
    fcntl(extra, F_DUPFD, 20);
  }));
  steady.type("one\n");
  CHECK(is_waited_for(steady, gate));
  CHECK(gate.has_file(0, "/dev/null"));
  CHECK(gate.can_read(0));
  CHECK(gate.shares(1, steady, 1));
  CHECK(gate.shares(2, steady, 2));
  CHECK(leaves_nothing_open(gate).where("here steady had inherited a descriptor itself"));
}

TEST_SUITE_END();
