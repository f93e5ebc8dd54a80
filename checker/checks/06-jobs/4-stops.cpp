// Lab 06, the fourth part: jobs that stop and go on, behind and in front.
#include "check.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace launching;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("a job that stops is reported so, once"
          * id("stopped") * points(4) * needs("group") * needs("zombies") * needs("started") * needs("defaults") * needs("clean")
          * hint("WUNTRACED makes waitpid() tell of stops, WIFSTOPPED tells them from ends, and WSTOPSIG says which signal it was.")) {
  const std::vector<int> stopping{SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  auto jobs = lab.start_on_terminal("");
  int number = 0;
  for (const int signal : drawn_from(stopping, 2)) {
    const std::string name = play::signal_name(signal), line = fmt::format("gate a{0} : gate b{0}", name);
    auto a = lab.gate("a" + name), b = lab.gate("b" + name);
    auto job = lab.group(fmt::format("job {}", ++number));
    jobs.type(line + " &\n");
    CHECK(job.is_announced_by(jobs, fmt::format("[{}] started ", number)));
    for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
    job.send(signal);
    CHECK(job.is_stopped());
    CHECK(notices(jobs, fmt::format("[{}] stopped {}\n", number, name)));
    jobs.type("jobs\n");
    CHECK(jobs.prints(fmt::format("[{}] stopped {}", number, line)));
    CHECK(says(jobs, fmt::format("[{}] stopped SIG", number), 1));
  }
}

TEST_CASE("a job is stopped when none of its processes runs any more; one that has ended does not count"
          * id("whole") * points(3) * needs("stopped")
          * hint("Ask about every process of the job after each piece of news: does any run? If not, is any stopped?")) {
  auto one = lab.gate("one"), other = lab.gate("other"), c = lab.gate("c");
  auto job = lab.group("job 1"), half = lab.group("job 2");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate one : gate other &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&one, &other}) CHECK(gate->is_reached());
  one.send(SIGSTOP);
  CHECK(one.is_stopped());
  CHECK(keeps_silent(jobs, "] stopped", "it says nothing of a stop as long as one process of the job runs").means("process/one-stopped-is-not-all"));
  other.send(SIGSTOP);
  CHECK(notices(jobs, "[1] stopped SIGSTOP\n"));
  jobs.type("true : gate c &\n");
  CHECK(half.is_announced_by(jobs, "[2] started "));
  CHECK(half.has_members({"gate"}));
  CHECK(c.is_reached());
  half.send(SIGSTOP);
  CHECK(half.is_stopped());
  CHECK(notices(jobs, "[2] stopped SIGSTOP\n"));  // true has ended, and does not count
}

TEST_CASE("when the job in front is stopped, the launcher has the terminal again"
          * id("taken-at-a-stop") * points(3) * needs("taken-back") * needs("whole")
          * hint("A stop is news like an end: the launcher needs the terminal before it reads again.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b}) CHECK(explained(jobs, gate->is_reached()));
  CHECK(job.is_in_front());
  a.send(SIGSTOP);  // one of its two
  CHECK(a.is_stopped());
  CHECK(is_in_front_still(job).means("process/one-stopped-is-not-all"));
  b.send(SIGSTOP);
  CHECK(job.is_stopped());
  CHECK(has_the_terminal_again(jobs));
}

TEST_CASE("a stopped job goes on whole, behind or in front"
          * id("stop") * points(3) * needs("group") * todo(6)
          * hint("fg and bg send SIGCONT to the whole group, and say so. From then on the job runs for the table too.")) {
  for (const std::string word : {"bg", "fg"}) {
    const std::string line = fmt::format("gate a{0} : gate b{0}", word);
    auto a = lab.gate("a" + word), b = lab.gate("b" + word);
    auto job = lab.group("job 1");
    auto jobs = lab.start_on_terminal("");
    jobs.type(line + " &\n");
    CHECK(job.is_announced_by(jobs, "[1] started "));
    for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
    job.send(SIGSTOP);
    CHECK(job.is_stopped());
    jobs.settle();
    jobs.type(word + " %1\n");
    CHECK(jobs.prints("[1] continued\n"));
    CHECK(explained(jobs, job.goes_on()).means("signal/not-continued"));
    CHECK(keeps_silent(jobs, "] stopped", "it says nothing of a stop while the job runs").means("process/continued-not-noticed"));
  }
}

TEST_CASE("with fg the job has the terminal, with bg it has not"
          * id("fg") * points(3) * needs("terminal") * needs("stop")
          * hint("With fg the job is in front as if it had been started so: it has the terminal, and the launcher does not read.")) {
  auto a = lab.gate("a"), b = lab.gate("b");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
  job.send(SIGSTOP);
  CHECK(job.is_stopped());
  jobs.settle();
  jobs.type("bg\n");
  CHECK(job.goes_on());
  play::let_all_come_to_rest(lab.testbed());
  CHECK(job.is_behind().means("terminal/given-to-a-job-behind"));
  jobs.type("jobs\n");
  CHECK(jobs.prints("[1] running gate a : gate b").means("process/continued-not-noticed", jobs.has_printed("[1] stopped gate a : gate b")));
  jobs.type("fg\n");  // also of a job that was running
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(job.is_in_front().means("terminal/not-given"));
  const std::string line = drawn_word().first + "\n";
  jobs.type(line);
  CHECK(jobs.prints(line));  // as it is echoed
  CHECK(lives_on(jobs).means("terminal/read-while-a-job-is-in-front"));
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());  // they stand there again
  a.open();
  b.open();
  CHECK(jobs.prints(line).means("terminal/read-while-a-job-is-in-front"));
}

namespace {

bool sends_sigcont(const play::CallStop& call) {
  if (call.number == SYS_tgkill) return call.args[2] == SIGCONT;
  const bool sends = call.number == SYS_kill || call.number == SYS_tkill || call.number == SYS_pidfd_send_signal ||
                     call.number == SYS_rt_sigqueueinfo;
  return sends && call.args[1] == SIGCONT;
}

}  // namespace

// Nobody knows how long the launcher takes from one instruction to the next: its job has gone on and is stopped again
// before the launcher comes back from the call that let it go on.
TEST_CASE("a stop that follows at once on SIGCONT is not missed"
          * id("again") * points(2) * needs("stop") * needs("stopped")
          * hint("A stop may come as soon as SIGCONT is sent. Has it been collected before the table says \"running\"?")) {
  auto g = lab.gate("again");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate again &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(g.is_reached());
  job.send(SIGSTOP);
  CHECK(jobs.prints("[1] stopped SIGSTOP\n"));
  play::AfterCall after(lab.testbed(), jobs, "kill()", sends_sigcont);
  jobs.type("bg\n");
  while (after.comes()) {
    CHECK(job.goes_on().means("signal/not-continued"));
    job.send(SIGSTOP);
    CHECK(job.is_stopped());
    after.let_go();
  }
  CHECK(notices(jobs, "[1] stopped SIGSTOP\n", "process/stop-forgotten"));  // before or after "continued"
}

TEST_CASE("a job behind that wants the terminal stops, and fg lets it succeed"
          * id("behind") * points(4) * needs("fg") * needs("defaults") * needs("clean")
          * hint("Reading from behind brings SIGTTIN, setting modes SIGTTOU. With fg, what has to come first: the terminal or SIGCONT?")) {
  for (const std::string command : {"cat", "stty -echo"}) {
    BeforeCall at_call(lab.testbed(), {{SYS_ioctl, TIOCSPGRP, "tcsetpgrp()"}});
    auto job = lab.group("job 1");
    auto jobs = lab.start_on_terminal("", at_call.order());
    jobs.type(command + " &\n");
    CHECK(job.is_announced_by(jobs, "[1] started "));
    CHECK(job.is_stopped());
    jobs.settle();
    at_call.hold(launcher(jobs));
    jobs.type("fg %1\n");
    at_call.hold_until_rest();
    CHECK(jobs.prints("[1] continued\n"));
    if (command == "cat") {
      CHECK(job.goes_on().means("terminal/given-too-late"));
      jobs.type("x\n");
      CHECK(jobs.prints("x\nx\n"));  // echoed, and copied
      jobs.type(key::ctrl_d);
    }
    CHECK(job.is_gone().means("terminal/given-too-late"));
  }
}

TEST_SUITE_END();
