// Lab 06, the sixth part, and the second program: a child whose parent is killed. The parent is held in the middle of its death, and so is the
// child in its own end, so that nobody's luck decides who looks when.
#include "check.hpp"

#include <fmt/format.h>
#include <functional>
#include <sys/syscall.h>
#include <unistd.h>

using play::Evidence, play::Program, play::BeforeCall, play::Verdict;

TEST_SUITE_BEGIN("06-jobs");

namespace {

struct Orphans {
  pid_t child, parent;  // as this machine numbers them
};

bool has_family(const Program& orphan, Orphans& found) {
  found = {0, 0};
  for (const play::Seen& parent : play::children_of(orphan.pid()))
    for (const play::Seen& child : play::children_of(parent.pid)) found = {child.pid, parent.pid};
  return found.child != 0;
}

Verdict finds_family(const Program& orphan, Orphans& found, const std::string& expected, const std::function<bool()>& moment) {
  const auto there = [&] { return moment() && has_family(orphan, found); };
  const play::Waited waited = play::wait_until(lab.testbed(), there);
  if (waited) return Verdict::yes();
  const std::string endings = lab.testbed().endings();
  return Verdict::no(play::finding(lab.testbed(), expected, !endings.empty() ? endings : has_family(orphan, found) ? "it does not" : "there is no such family", waited));
}

// It has said nothing yet, for nobody takes what it says.
Verdict is_a_family(const Program& orphan, Orphans& found) {
  return finds_family(orphan, found, "it has a child with a child of its own", [] { return true; });
}

Verdict is_about_to_kill(const Program& orphan, const BeforeCall& at_kill, Orphans& found) {
  return finds_family(orphan, found, "it has a child with a child of its own, and sends SIGKILL to it", [&] { return at_kill.times_held() > 0; });
}

Verdict has_ended(const std::string& who, pid_t pid, const std::string& when, const std::string& otherwise) {
  const play::Waited waited = play::wait_until(lab.testbed(), [&] { return play::has_ended(pid); });
  if (waited) return Verdict::yes();
  return Verdict::no(when + ", " + who + " has ended too", "that one lives", lab.testbed().story_of(waited.family).lines).is_explained_by(otherwise);
}

Verdict is_waited_for(const std::string& who, pid_t pid) {
  if (play::has_gone(pid)) return Verdict::yes();
  return Verdict::no("when it has ended, it has waited for " + who, "that one is still in the process table").is_explained_by("process/not-waited-for");
}

// The child is on its way out, and held there: whoever waits for its end waits now. One that does not end by itself is
// found later.
Verdict waits_for_its_child(Program& orphan, play::AtExit& child) {
  if (!child.is_killed().passed() || orphan.stays_alive().passed()) return Verdict::yes();
  return Verdict::no("it ends after its child", lab.testbed().endings().empty() ? "it still moves" : "the child is still there, and " + lab.testbed().endings(), lab.testbed().story_of(lab.testbed().family()).lines).is_explained_by("process/left-running");
}

std::string child_of(play::InnerPid child, play::InnerPid parent) { return fmt::format("child {} of {}\n", child, parent); }

const std::vector<play::WatchedCall> sends_sigkill{
    {SYS_kill, SIGKILL, "kill()"}, {SYS_pidfd_send_signal, SIGKILL, "pidfd_send_signal()"}};

const std::vector<play::WatchedCall> sends_sigkill_or_says{sends_sigkill[0], sends_sigkill[1], {SYS_write}, {SYS_writev}};

// Its parent's end-of-file has woken it, and it is about to say something: the parent is a zombie still only where nobody has
// waited for it. Files are closed before children are handed on, so that whoever looks now may see the old parent.
Verdict has_asked_for_its_end(BeforeCall& at_kill, int held, pid_t parent) {
  play::wait_until(lab.testbed(), [&] { return at_kill.times_held() > held; });
  const bool asked = at_kill.times_held() == held || play::has_gone(parent);
  at_kill.open();
  if (asked) return Verdict::yes();
  return Verdict::no("it waits for the death of the parent", "it has waited for end-of-file of a pipe that the parent held, and goes on: files are closed before children are handed on").is_explained_by("process/looked-too-soon");
}

// How it is called, and who adopts.
enum class Way { plain, below_a_subreaper, adopting };

// Up to the end of its parent, which is held in the middle of its death; then, with `to_the_end`, so is the child in its own.
// Each of the two is about one half, and does not ask for the other.
void kill_and_look(Way way, bool to_the_end) {
  const bool below = way == Way::below_a_subreaper, adopts = way == Way::adopting;
  BeforeCall at_kill(lab.testbed(), sends_sigkill_or_says);
  at_kill.hold([](pid_t, long call) { return call != SYS_write && call != SYS_writev; });
  const room::Order order = play::inheriting([] { play::ignore_signals({SIGCHLD, SIGTERM}); });
  auto orphan =
      below ? play::start_below_session_leader(lab.testbed(), "orphan", {}, play::Testbed::Tie::streams, at_kill.order(order))
            : lab.start_program("orphan", adopts ? "--adopt" : "", at_kill.order(order));
  Orphans found{};
  CHECK(is_about_to_kill(orphan, at_kill, found));
  const auto child = play::inside(found.child), parent = play::inside(found.parent);
  // The room's pid 1; where it has none, this check.
  const play::InnerPid above{lab.testbed().room().keeper() ? 1 : getpid()};
  const play::InnerPid adopter = adopts ? orphan.inside() : below ? play::parent_inside(orphan.pid()) : above;
  play::AtExit dying(lab.testbed(), found.parent);
  if (to_the_end) {
    play::AtExit child_dying(lab.testbed(), found.child);
    at_kill.open();
    CHECK(dying.is_killed());
    dying.let_die();
    CHECK(waits_for_its_child(orphan, child_dying));
    const bool own = play::parent_of(found.child) == orphan.pid();
    child_dying.let_die();
    CHECK(orphan.exits_with(0));
    CHECK(has_ended("the child", found.child, "when it has ended", "process/left-running"));
    CHECK(is_waited_for("the parent", found.parent));
    // Whom somebody else has adopted is a zombie until that one waits: not this program's affair, nor this check's.
    if (own) CHECK(is_waited_for("the child it has adopted", found.child));
    return;
  }
  CHECK(orphan.prints_only(child_of(child, parent)));
  at_kill.open();
  CHECK(dying.is_killed());
  CHECK(orphan.prints_nothing_more().means("process/looked-too-soon"));
  CHECK(orphan.sleeps().means("process/looked-too-soon"));
  const bool end_of_file = play::hears_only(lab.testbed(), orphan.pid(), found.parent) && !play::has_pidfd_of(orphan.pid(), found.parent);
  if (end_of_file) at_kill.hold([pid = orphan.pid()](pid_t who, long) { return who == pid; });
  const int held = at_kill.times_held();
  dying.let_die();
  if (end_of_file) CHECK(has_asked_for_its_end(at_kill, held, found.parent));
  CHECK(orphan.prints(fmt::format("killed {}\n", parent)));
  const std::string last = child_of(child, adopter);
  Verdict told = orphan.prints_next(last);
  // Who asks it as it dies meets SIGPIPE or end-of-file, whichever was faster: no line of the child comes any more.
  const bool no_answer = play::has_ended(found.child) && orphan.printed().ends_with(fmt::format("killed {}\n", parent));
  const std::string before = child_of(child, parent), all = orphan.printed();
  const bool of_before = all.find(before) != all.rfind(before);  // it has said so once, and rightly
  CHECK(std::move(told).means("process/wrong-adopter", !of_before)
            .hints("The parent that is told is the dead one: an answer from before its death. Ask the child anew whenever you look.", of_before)
            .hints("It has asked its child, which has ended at its parent's death: no orphan ends by itself. Was it told to (PR_SET_PDEATHSIG, prctl(2)), or did it read end-of-file?", no_answer));
}

}  // namespace

TEST_CASE("a process has a child, and that child a child, which tells who they are"
          * id("family") * points(2) * todo(8)
          * hint("fork() twice: the child forks again. getpid() and getppid() in the last one tell what is said.")) {
  auto orphan = lab.start_program("orphan", "", play::behind_full_output());
  orphan.leave_output();
  Orphans found{};
  CHECK(is_a_family(orphan, found));
  const std::string line = child_of(play::inside(found.child), play::inside(found.parent));
  orphan.take_output();  // it goes on, and soon one of them is no more
  CHECK(orphan.prints_next(line));
}

TEST_CASE("an orphan is adopted by the nearest subreaper above it, when its parent is dead"
          * id("adopted") * points(3) * needs("family") * todo(9)
          * hint("getppid() in the child tells its parent. kill() only sends the signal: waitpid(), or a pidfd that has become readable, says that the parent "
                 "is dead.")) {
  kill_and_look(Way::plain, false);
  kill_and_look(Way::below_a_subreaper, false);
}

TEST_CASE("with --adopt it is the one who adopts"
          * id("adopts") * points(2) * needs("adopted") * todo(10)
          * hint("Who must call prctl(PR_SET_CHILD_SUBREAPER), and before what?")) {
  kill_and_look(Way::adopting, false);
}

TEST_CASE("when it ends, the orphan has ended before, and whoever was its own was waited for"
          * id("nobody-stays") * points(2) * needs("adopted") * todo(9) * todo(10)
          * hint("The child ends when its word comes to an end. A pidfd is readable when a process has ended, whoever its parent is; only a child can be waited for.")) {
  kill_and_look(Way::plain, true);
  kill_and_look(Way::adopting, true);
}

// It is killed itself before it has killed anybody.
TEST_CASE("if it is ended before its time, its parent and child end too"
          * id("early") * points(2) * needs("adopted")
          * hint("Whoever is killed cannot tell its children. What does the kernel close for it then, and who reads there?")) {
  BeforeCall at_kill(lab.testbed(), sends_sigkill);
  at_kill.hold([](pid_t, long) { return true; });
  auto orphan = lab.start_program("orphan", "", at_kill.order());
  Orphans found{};
  CHECK(is_about_to_kill(orphan, at_kill, found));
  orphan.send(SIGKILL);
  lab.testbed().let_go(orphan.pid());  // held before its kill(), it dies there: from now on that is motion
  CHECK(orphan.dies_of(SIGKILL));
  for (const auto& [who, pid] : {std::pair{"the parent", found.parent}, {"the child", found.child}})
    CHECK(has_ended(who, pid, "when it is killed before its time", "process/nobody-tells-the-rest"));
}

TEST_SUITE_END();
