// Lab 06, the first part: a launcher that starts jobs, sleeps until something has happened to one, and reports it. A race is
// decided by holding one of the two before a call; a job stands still because it is a gate.
#include "check.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace launching;
using namespace std::string_literals;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("a job is started, ends, and is reported"
          * id("started") * points(10)
          * hint("Begin with TODO 1, 3 and 4 in labs/06-jobs/jobs.cpp: start a command, collect what has ended, say it.")) {
  lab.file("exit7").put("exit 7\n");
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
  BeforeCall at_call(lab.testbed(), {{SYS_setpgid, 0, "setpgid()"}});
  auto c = lab.gate("c"), d = lab.gate("d");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("", at_call.order());
  at_call.hold(children_of(jobs));
  jobs.type("gate c : gate d &\n");
  at_call.hold_until(said(jobs, "[1] started "));
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(job.has_every_child_of(jobs).means("process/outside-its-group"));
  at_call.open();
  CHECK(c.is_reached());
  CHECK(d.is_reached());
  CHECK(job.has_members({"gate", "gate"}));
}

// The launcher is held after each child, until that one stands still as its command, or has ended.
void start_with_late_launcher(const std::string& first) {
  auto e = lab.gate("e" + first), f = lab.gate("f" + first);
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.prints("> "));
  play::AtFork forks(lab.testbed(), jobs);
  jobs.type(fmt::format("{0} e{0} : gate f{0} &\n", first));
  forks.hold_at_each();
  CHECK(job.is_announced_by(jobs, "[1] started "));
  if (first == "gate") CHECK(e.is_reached());
  CHECK(f.is_reached());
  CHECK(job.has_members(first == "gate" ? std::vector<std::string>{"gate", "gate"} : std::vector<std::string>{"gate"})
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
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
  CHECK(job.has_members({"gate", "gate"}).means("process/outside-its-group"));
  CHECK(a.is_child_of(jobs));
  start_with_late_children();
  start_with_late_launcher("gate");
  start_with_late_launcher("true");
}

TEST_CASE("a command starts clean: three descriptors, no signal blocked or ignored"
          * id("clean") * points(5) * needs("sleeps")
          * hint("What is ignored or blocked stays so across exec. grep Sig /proc/PID/status and ls /proc/PID/fd show what a command has.")) {
  const std::vector<int> seven{SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGHUP};
  for (const bool inherits : {false, true}) {
    auto a = lab.gate("a" + std::to_string(inherits)), b = lab.gate("b" + std::to_string(inherits));
    room::Order order;
    if (inherits)
      order = play::inheriting([seven] {
        play::ignore_signals(seven);
        play::block_signals(seven);
        play::block_signals({SIGTERM});
      });
    lab.note(inherits ? "let it inherit the seven signals ignored, and blocked with SIGTERM" : "let it inherit nothing");
    auto jobs = lab.start_on_terminal("", order);
    jobs.type(inherits ? "gate a1 : gate b1 &\n" : "gate a0 : gate b0 &\n");
    for (auto* gate : {&a, &b}) {
      CHECK(gate->is_reached());
      CHECK(gate->keeps_open({0, 1, 2}));
      CHECK(gate->starts_clean(seven).means("signal/handed-on"));
    }
    jobs.type("true\n");
    CHECK(jobs.prints("[2] done 0\n"));
  }
}

TEST_CASE("a job is over with the last of its processes, and no zombie stays"
          * id("zombies") * points(5) * needs("group")
          * hint("SIGCHLD does not count: one may stand for ten children. Ask waitpid() until it has nothing more to tell. "
                 "A job is over when none of its processes is left; what is reported is its last command.")) {
  lab.file("exit3").put("exit 3\n");
  lab.file("exit5").put("exit 5\n");
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
    CHECK(all.back().is_announced_by(jobs, fmt::format("[{}] started ", i)));
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

TEST_SUITE_END();
