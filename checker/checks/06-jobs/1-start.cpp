// Lab 06, the first part: a launcher that starts jobs and sleeps. A race is decided by holding one of the two before a
// call; a job stands still because it is a gate. Nothing here asks what the launcher says of a job's end.
#include "check.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>

#include "words.hpp"

using namespace launching;
using namespace std::string_literals;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("a line starts its commands, each joined to the next by a pipe"
          * id("runs") * points(3) * todo(1)
          * hint("One fork() for each command. The child becomes the command between its two pipes; the parent notes its pid, and the first one's number as the group's.")) {
  const auto [typed, shown] = drawn_word();
  std::vector<std::string> between;
  BeforeCall at_call(lab.testbed(), {{SYS_getppid}, {SYS_geteuid}});
  auto a = lab.gate("a");
  auto jobs = lab.start_on_terminal("", at_call.order());
  at_call.hold(notes_shells(jobs, between));
  jobs.type(fmt::format("gate a echo {} : tr a-z A-Z &\n", typed));
  CHECK(jobs.prints("[1] started "));
  const bool not_found = jobs.has_printed(strerror(ENOENT));
  CHECK(a.is_reached().hints("A command without a slash is looked for along PATH, by execvp(3) and execlp(3) alone: the exec functions without a p look into the working folder.", not_found || jobs.has_printed(strerror(ENOENT))));
  CHECK(is_started_by(jobs, a));
  a.open();
  CHECK(jobs.prints(shown + "\n"));
  CHECK(has_no_shell_between(between));
}

TEST_CASE("it sleeps when there is nothing to do, and no clock wakes it"
          * id("sleeps") * points(3) * needs("runs")
          * hint("One ppoll() or sigsuspend() without a timeout waits for a line and for signals at once. A waitpid() without WNOHANG hears no line; and a launcher without the terminal cannot read one: who has it?")) {
  auto behind = lab.gate("behind"), front = lab.gate("front");
  auto jobs = lab.start_on_terminal("");
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  jobs.type("gate behind &\n");
  CHECK(behind.is_reached());
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  jobs.type("gate front\n");
  CHECK(jobs.prints("[2] started "));
  CHECK(jobs.sleeps().means("process/woken-by-a-clock"));
  CHECK(jobs.stays_alive());
}

namespace {

// With this call fork() begins in the child (glibc's _Fork()); one made by vfork(), or posix_spawn(), is waited for anyway.
const play::WatchedCall first_step{SYS_set_robust_list, 0, "its first step"};

}  // namespace

TEST_CASE("the processes of a job are one group of their own"
          * id("one-group") * points(4) * needs("runs") * needs("sleeps") * todo(1)
          * hint("The first process makes a group of its own number with setpgid(), the others join it.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c");
  auto job = lab.group("job 1"), other = lab.group("job 2");
  BeforeCall at_birth(lab.testbed(), {first_step, {SYS_setpgid, 0, "setpgid()"}});
  auto jobs = lab.start_on_terminal("", at_birth.order());
  // The launcher is first, or waits for them, and the last child is last: who is late is another check's affair.
  const auto starts = [&](const std::string& line, const std::string& announced) {
    at_birth.hold(children_of(jobs));
    jobs.type(line);
    at_birth.hold_until_rest_or(said(jobs, announced));
    const auto born = play::children_of(jobs.pid());
    at_birth.open();
    at_birth.hold([last = born.empty() ? 0 : born.back().pid](pid_t who, long call) { return who == last && call == SYS_setpgid; });
    at_birth.hold_until_rest();
  };
  starts("gate a : gate b &\n", "[1] started ");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b}) CHECK(gate->is_reached());
  // Together in a group of their own, and announced as another one.
  const bool together = !a.has_another_group_than(b).passed() && a.has_another_group_than(jobs).passed();
  CHECK(explained(jobs, job.has_members({"gate", "gate"})).means("process/group-named-wrongly", together && job.is_gone().passed()).means("process/outside-its-group"));
  starts("gate c &\n", "[2] started ");
  CHECK(other.is_announced_by(jobs, "[2] started "));
  CHECK(c.is_reached());
  CHECK(explained(jobs, other.has_members({"gate"})).means("process/outside-its-group"));
}

namespace {

// The children take their first step, and come to setpgid(), only when the launcher has said "started", or waits for them.
void start_with_late_children() {
  bool asks = false;
  BeforeCall at_call(lab.testbed(), {first_step, {SYS_setpgid, 0, "setpgid()"}});
  auto c = lab.gate("c"), d = lab.gate("d");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("", at_call.order());
  const auto is_child = children_of(jobs);
  at_call.hold(is_child);
  jobs.type("gate c : gate d &\n");
  at_call.hold_until_rest_or(said(jobs, "[1] started "));
  CHECK(job.is_announced_by(jobs, "[1] started "));
  Verdict all = job.has_every_child_of(jobs);
  // Would one of them have done it?
  at_call.open();
  at_call.hold([&asks, is_child](pid_t who, long call) { return asks = asks || (call == SYS_setpgid && is_child(who, call)), false; });
  if (!all.passed()) play::wait_until(lab.testbed(), [&] { return asks; });
  CHECK(std::move(all).means("process/group-left-to-the-child", asks).means("process/outside-its-group"));
  CHECK(c.is_reached());
  CHECK(d.is_reached());
  CHECK(job.has_members({"gate", "gate"}));
}

// The launcher is held after each child, until that one stands still as its command, or has ended.
void start_with_late_launcher(const std::string& first) {
  auto e = lab.gate("e" + first), f = lab.gate("f" + first);
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.settle();
  play::AtFork forks(lab.testbed(), jobs);
  jobs.type(fmt::format("{0} e{0} : gate f{0} &\n", first));
  forks.hold_at_each();
  CHECK(explained(jobs, job.is_announced_by(jobs, "[1] started ")));
  const bool both = first == "gate";
  if (both) CHECK(e.is_reached());
  CHECK(f.is_reached());
  CHECK(explained(jobs, job.has_members(both ? std::vector<std::string>{"gate", "gate"} : std::vector<std::string>{"gate"}))
            .means("process/group-set-after-exec", both && !is_in_its_own_group_of(jobs, e))
            .means("process/outside-its-group"));
}

}  // namespace

TEST_CASE("the processes of a job are one group before it is announced, whoever comes first"
          * id("group") * points(6) * needs("one-group") * needs("sleeps")
          * hint("After fork() nobody knows who runs first. Is it done in time if the child is slow, if the parent is slow, if the first command has "
                 "ended already? A group lives as long as one of its processes was not waited for.")) {
  start_with_late_children();
  start_with_late_launcher("gate");
  start_with_late_launcher("true");
}

namespace {

const std::vector<int> seven{SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGHUP};

}  // namespace

TEST_CASE("a command starts with three descriptors and an empty mask"
          * id("clean") * points(4) * needs("runs") * todo(2)
          * hint("What is blocked stays so across exec, and a descriptor stays open. grep Sig /proc/PID/status and ls /proc/PID/fd show what a command has.")) {
  for (const bool inherits : {false, true}) {
    const std::string n = std::to_string(inherits);
    auto a = lab.gate("a" + n), b = lab.gate("b" + n);
    room::Order order;
    if (inherits) order = play::inheriting([] { play::block_signals(seven), play::block_signals({SIGTERM}); });
    lab.note(inherits ? "let it inherit the seven signals and SIGTERM blocked" : "let it inherit nothing");
    auto jobs = lab.start_on_terminal("", order);
    jobs.type(fmt::format("gate a{0} : gate b{0} &\n", n));
    for (auto* gate : {&a, &b}) {
      CHECK(gate->is_reached());
      CHECK(gate->keeps_open({0, 1, 2}));
      CHECK(gate->blocks_only({}).means("signal/handed-on"));
    }
  }
}

TEST_CASE("a command starts with INT, QUIT, TSTP, TTIN, TTOU, CHLD and HUP at their defaults, whatever the launcher has inherited"
          * id("defaults") * points(4) * needs("runs")
          * hint("What is ignored stays ignored across exec; what has a handler does not. The launcher itself may have inherited it so. grep Sig /proc/PID/status shows it.")) {
  for (const bool inherits : {false, true}) {
    const std::string n = std::to_string(inherits);
    auto a = lab.gate("a" + n), b = lab.gate("b" + n);
    room::Order order;
    if (inherits) order = play::inheriting([] { play::ignore_signals(seven); });
    lab.note(inherits ? "let it inherit the seven signals ignored" : "let it inherit nothing");
    auto jobs = lab.start_on_terminal("", order);
    jobs.type(fmt::format("gate a{0} : gate b{0} &\n", n));
    for (auto* gate : {&a, &b}) {
      CHECK(gate->is_reached());
      CHECK(gate->ignores_none_of(seven).means("signal/handed-on"));
    }
  }
}

TEST_SUITE_END();
