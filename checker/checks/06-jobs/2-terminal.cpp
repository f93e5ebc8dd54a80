// Lab 06, the second part: one terminal, a launcher and its jobs. Who has it, whom the keys reach, who is stopped by it, and
// who goes on.
#include "check.hpp"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace launching;
using namespace std::string_literals;

TEST_SUITE_BEGIN("06-jobs");

namespace {

// The launcher is held until its child has become the command and stands still.
void read_before_the_launcher_gives() {
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.prints("> "));
  play::AtFork forks(lab.testbed(), jobs);
  jobs.type("cat\n");
  forks.hold_at_each();
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(job.has_members({"cat"}));
  CHECK(job.goes_on().means("terminal/given-too-late"));
  CHECK(job.is_in_front());
}

// The child is held on its way to its command, where it would ask for the terminal. Whose keys are they until then?
void typed_before_the_child_gives() {
  BeforeCall at_call(lab.testbed(), {{SYS_ioctl, TIOCSPGRP, "tcsetpgrp()"}});
  auto g = lab.gate("g");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("", at_call.order());
  at_call.hold(children_of(jobs));
  jobs.type("gate g\n");
  at_call.hold_until(said(jobs, "[1] started "));
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(job.is_in_front().means("terminal/left-to-the-child"));
  at_call.open();
  CHECK(g.is_reached());
  jobs.type(key::ctrl_c);
  CHECK(jobs.prints("[1] killed SIGINT\n"));
}

}  // namespace

TEST_CASE("a job in front has the terminal, and the launcher has it again afterwards"
          * id("terminal") * points(10) * needs("group") * needs("clean")
          * hint("tcsetpgrp() says which group the keyboard belongs to. The launcher needs it back before it reads again.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto front = lab.group("the job in front"), behind = lab.group("the job behind"), last = lab.group("the last job");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(behind.is_announced_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  CHECK(behind.is_behind().means("terminal/given-to-a-job-behind"));
  jobs.type("gate b\n");
  CHECK(front.is_announced_by(jobs, "[2] started "));
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
  CHECK(last.is_announced_by(jobs, "[2] started "));
  CHECK(c.is_reached());
  c.open();
  CHECK(jobs.prints("[2] done 0\n"));
  CHECK(jobs.prints("[2] started "));
  CHECK(jobs.prints("[2] done 0\n"));
  read_before_the_launcher_gives();
  typed_before_the_child_gives();
}

TEST_CASE("Ctrl-C, Ctrl-\\ and Ctrl-Z reach the job in front, and nobody else"
          * id("keys") * points(10) * needs("terminal") * needs("zombies")
          * hint("The kernel sends these signals to the foreground group. When the launcher is in front itself, it is the one who gets them.")) {
  for (const bool leads : {true, false}) {
    const std::string n = leads ? "1" : "2";
    auto behind = lab.gate("behind" + n);
    auto hidden = lab.group("the job behind"), stopped = lab.group("the job in front");
    auto jobs = leads ? lab.start_on_terminal("") : lab.start_below_session_leader("");
    jobs.type("gate behind" + n + " &\n");
    CHECK(hidden.is_announced_by(jobs, "[1] started "));
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
    CHECK(stopped.is_announced_by(jobs, "[2] started "));
    CHECK(last.is_reached());
    CHECK(stopped.has_members({"gate", "cat"}));  // each has become its command: until then it may ignore the key
    jobs.type(key::ctrl_z);
    CHECK(stopped.is_stopped());
    CHECK(lives_on(jobs).means("signal/reaches-the-launcher"));
    CHECK(hidden.goes_on());
  }
}

namespace {

// A job in front, of two processes that are stopped one after the other.
void stop_one_then_the_other() {
  auto one = lab.gate("one"), other = lab.gate("other");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate one : gate other\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(one.is_reached());
  CHECK(other.is_reached());
  one.send(SIGTSTP);
  CHECK(one.is_stopped());
  CHECK(says_no_stop(jobs).means("process/one-stopped-is-not-all"));
  CHECK(job.is_in_front().means("process/one-stopped-is-not-all"));
  other.send(SIGTSTP);
  CHECK(notices(jobs, "[1] stopped SIGTSTP\n"));
  CHECK(has_the_terminal_again(jobs));
}

bool sends_sigcont(const play::CallStop& call) {
  if (call.number == SYS_tgkill) return call.args[2] == SIGCONT;
  const bool sends = call.number == SYS_kill || call.number == SYS_tkill || call.number == SYS_pidfd_send_signal ||
                     call.number == SYS_rt_sigqueueinfo;
  return sends && call.args[1] == SIGCONT;
}

// Nobody knows how long the launcher takes from one instruction to the next: its job has gone on and is stopped again
// before the launcher comes back from the call that let it go on.
void stop_again_at_once() {
  auto g = lab.gate("again");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate again\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(g.is_reached());
  jobs.type(key::ctrl_z);
  CHECK(jobs.prints("[1] stopped SIGTSTP\n"));
  play::AfterCall after(lab.testbed(), jobs, "kill()", sends_sigcont);
  jobs.type("fg\n");
  while (after.comes()) {
    CHECK(job.goes_on().means("signal/not-continued"));
    job.send(SIGTSTP);
    CHECK(job.is_stopped());
    after.let_go();
  }
  CHECK(notices(jobs, "[1] stopped SIGTSTP\n", "process/stop-forgotten"));  // before or after "continued"
  CHECK(has_the_terminal_again(jobs));
}

}  // namespace

TEST_CASE("a stopped job goes on whole, behind or in front"
          * id("stop") * points(10) * needs("terminal") * needs("zombies")
          * hint("WUNTRACED makes waitpid() tell of stops. fg and bg send SIGCONT to the whole group. From then on the job runs for the table too, and with fg it is in front: the launcher does not read.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto job = lab.group("job 1"), half = lab.group("job 2");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
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
  CHECK(jobs.stays_alive());  // it waits: SIGCONT, which may come after the word, has been sent
  jobs.type(key::ctrl_z);
  CHECK(jobs.prints("[1] stopped SIGTSTP\n"));
  jobs.type("true : gate c\n");
  CHECK(half.is_announced_by(jobs, "[2] started "));
  CHECK(half.has_members({"gate"}));
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
  stop_one_then_the_other();
  stop_again_at_once();
}

TEST_CASE("a job behind that wants the terminal stops, and fg lets it succeed"
          * id("behind") * points(10) * needs("stop")
          * hint("Reading from behind brings SIGTTIN, setting modes SIGTTOU. With fg, what has to come first: the terminal or SIGCONT?")) {
  BeforeCall at_call(lab.testbed(), {{SYS_ioctl, TIOCSPGRP, "tcsetpgrp()"}});
  auto job = lab.group("job 1"), modes = lab.group("job 2");
  auto jobs = lab.start_on_terminal("", at_call.order());
  jobs.type("cat &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(jobs.prints("[1] stopped SIGTTIN\n"));
  jobs.type("stty -echo &\n");
  CHECK(jobs.prints("[2] stopped SIGTTOU\n"));
  at_call.hold(launcher(jobs));
  jobs.type("fg %1\n");
  at_call.hold_to_the_last();
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

TEST_SUITE_END();
