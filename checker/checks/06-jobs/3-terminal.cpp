// Lab 06, the third part: one terminal, a launcher and its jobs. Who has it, when, and whom the keys reach.
#include "check.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace launching;
using namespace std::string_literals;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("a job in front has the terminal, and what is typed is its own; a job behind has not"
          * id("terminal") * points(4) * needs("group") * todo(5)
          * hint("tcsetpgrp() says which group the keyboard belongs to.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto front = lab.group("the job in front"), behind = lab.group("the job behind");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(behind.is_announced_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  CHECK(behind.is_behind().means("terminal/given-to-a-job-behind"));
  jobs.type("gate b\n");
  CHECK(front.is_announced_by(jobs, "[2] started "));
  CHECK(explained(jobs, b.is_reached()));
  CHECK(explained(jobs, front.is_in_front()).means("terminal/not-given"));
  const std::string line = drawn_word().first + "\n";
  jobs.type(line);
  CHECK(jobs.prints(line));  // as it is echoed
  CHECK(lives_on(jobs).means("terminal/read-while-a-job-is-in-front"));
  b.open();
  CHECK(jobs.prints(line).means("terminal/read-while-a-job-is-in-front"));  // as the gate, now a copier, prints it
}

namespace {

// The launcher is held until its child has become the command and stands still.
void read_before_the_launcher_gives() {
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.settle();
  play::AtFork forks(lab.testbed(), jobs);
  jobs.type("cat\n");
  forks.hold_at_each();
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(explained(jobs, job.has_members({"cat"})));
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
  at_call.hold_until_rest_or(said(jobs, "[1] started "));
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(job.is_in_front().means("terminal/left-to-the-child"));
  at_call.open();
  CHECK(explained(jobs, g.is_reached()));
  CHECK(job.is_in_front());
}

}  // namespace

TEST_CASE("a job in front has the terminal before it reads and before it is announced, whoever comes first"
          * id("in-time") * points(3) * needs("terminal") * needs("defaults") * needs("clean")
          * hint("After fork() nobody knows who runs first. Who gives the terminal if the child is slow, and who if the launcher is slow?")) {
  read_before_the_launcher_gives();
  typed_before_the_child_gives();
}

TEST_CASE("when the job in front is over, the launcher has the terminal again and reads what was left"
          * id("taken-back") * points(3) * needs("terminal") * needs("over")
          * hint("The launcher needs the terminal before it reads again, and is behind when it asks for it: which signal comes then?")) {
  auto b = lab.gate("b"), c = lab.gate("c"), d = lab.gate("d");
  auto first = lab.group("the first job"), last = lab.group("the last job");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate b\n");
  CHECK(first.is_announced_by(jobs, "[1] started "));
  CHECK(explained(jobs, b.is_reached()));
  CHECK(first.is_in_front());
  b.open();
  jobs.type(key::ctrl_d);  // the gate, now a copier, ends
  CHECK(has_the_terminal_again(jobs));
  jobs.type("gate c true\ngate d\n");  // in one piece: the second line is not for the first job, and waits
  CHECK(explained(jobs, c.is_reached()));
  c.open();
  CHECK(d.is_reached());
  d.send(SIGKILL);
  CHECK(has_the_terminal_again(jobs));
  // Where a shell has started it, its own group is another one than its session's: that is the one which is in front again.
  auto below = lab.start_below_session_leader("");
  auto quick = lab.group("the job in front");
  below.type("true\n");
  CHECK(quick.is_announced_by(below, "[1] started "));
  CHECK(quick.is_gone());
  CHECK(has_the_terminal_again(below));
}

TEST_CASE("what becomes of others is said at once, and leaves the terminal to the job in front"
          * id("stays-in-front") * points(2) * needs("terminal") * needs("killed")
          * hint("Only when the job in front is over or stopped itself is the terminal the launcher's again.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto front = lab.group("the job in front"), behind = lab.group("the job behind");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(behind.is_announced_by(jobs, "[1] started "));
  jobs.type("gate b &\n");
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
  jobs.type("gate c\n");
  CHECK(front.is_announced_by(jobs, "[3] started "));
  CHECK(explained(jobs, c.is_reached()));
  CHECK(front.is_in_front());
  b.send(SIGKILL);
  CHECK(b.is_gone());
  CHECK(jobs.prints("[2] killed SIGKILL\n").hints("A job in front is waited for as every other: the launcher sleeps until some child has changed, whichever it is."));
  CHECK(is_in_front_still(front).means("terminal/taken-from-the-job-in-front"));
  behind.send(SIGSTOP);
  CHECK(behind.is_stopped());
  CHECK(is_in_front_still(front).means("terminal/taken-from-the-job-in-front"));
}

TEST_CASE("at its prompt the launcher outlives Ctrl-C, Ctrl-\\ and Ctrl-Z, and no job behind hears them"
          * id("prompt") * points(3) * needs("group")
          * hint("The kernel sends these signals to the foreground group. At its prompt that is the launcher's own.")) {
  for (const bool leads : {true, false}) {
    const std::string n = leads ? "1" : "2";
    auto behind = lab.gate("behind" + n);
    auto hidden = lab.group("the job behind");
    auto jobs = leads ? lab.start_on_terminal("") : lab.start_below_session_leader("");
    jobs.type("gate behind" + n + " &\n");
    CHECK(hidden.is_announced_by(jobs, "[1] started "));
    CHECK(behind.is_reached());
    for (const char* pressed : {key::ctrl_c, key::ctrl_backslash, key::ctrl_z}) {
      jobs.type(pressed);
      CHECK(lives_on(jobs).means("signal/reaches-the-launcher"));
      CHECK(hidden.has_members({"gate"}));
      CHECK(hidden.goes_on());
    }
  }
}

TEST_CASE("Ctrl-C, Ctrl-\\ and Ctrl-Z reach the job in front, and nobody else"
          * id("keys") * points(3) * needs("terminal") * needs("defaults") * needs("clean")
          * hint("The terminal makes a signal of these keys (ISIG in termios(3)), and sends it to the foreground group.")) {
  lab.file("modes").put("gate modes$1 stty -a\nexec gate $1\n");
  for (const auto& [pressed, n] : {std::pair{key::ctrl_c, "c"s}, {key::ctrl_backslash, "b"}, {key::ctrl_z, "z"}}) {
    auto behind = lab.gate("behind" + n), asks = lab.gate("modesfirst" + n), first = lab.gate("first" + n);
    auto hidden = lab.group("the job behind"), job = lab.group("the job in front");
    auto jobs = lab.start_below_session_leader("");
    jobs.type("gate behind" + n + " &\n");
    CHECK(hidden.is_announced_by(jobs, "[1] started "));
    CHECK(behind.is_reached());
    jobs.type("sh modes first" + n + " : cat\n");
    CHECK(job.is_announced_by(jobs, "[2] started "));
    CHECK(explained(jobs, asks.is_reached()));
    asks.open();  // what it says comes after "started", wherever the launcher was in between
    CHECK(first.is_reached());
    CHECK(job.has_members({"gate", "cat"}));  // each has become its command: until then it may ignore the key
    CHECK(stty_says(jobs, "isig").is_explained_by("terminal/keys-turned-off", jobs.has_printed("-isig")));
    jobs.type(pressed);
    if (pressed == key::ctrl_z) CHECK(job.is_stopped());
    else CHECK(job.is_gone());
    CHECK(is_spared(jobs).means("signal/reaches-the-launcher"));
    CHECK(hidden.has_members({"gate"}));
    CHECK(hidden.goes_on());
  }
}

TEST_SUITE_END();
