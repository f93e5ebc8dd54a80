// Lab 06, the second program: a child whose parent is killed. The parent is held in the middle of its death, and so is the
// child in its own end, so that nobody's luck decides who looks when.
#include "check.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>


using play::Evidence, play::Program, play::BeforeCall, play::Verdict;

TEST_SUITE_BEGIN("06-jobs");

namespace {

struct Orphans {
  pid_t child, parent;  // as this machine numbers them
};

// Waits until the program is about to send SIGKILL, and finds its family.
Verdict is_about_to_kill(const Program& orphan, const BeforeCall& at_kill, Orphans& found) {
  const auto there = [&] {
    found = {0, 0};
    for (const play::Seen& parent : play::children_of(orphan.pid()))
      for (const play::Seen& child : play::children_of(parent.pid)) found = {child.pid, parent.pid};
    return at_kill.times_held() > 0 && found.child != 0;
  };
  const play::Waited waited = play::wait_until(lab.testbed(), there);
  if (waited) return Verdict::yes();
  Evidence e;
  e.expected = "it has a child with a child of its own, and sends SIGKILL to it";
  const std::string endings = lab.testbed().endings();
  e.actual = !endings.empty() ? endings : found.child == 0 ? "there is no such family" : "it does not";
  e.lines = lab.testbed().story_of(waited.family).lines;
  return Verdict::no(std::move(e));
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

// It is killed itself before it has killed anybody.
void end_it_early() {
  BeforeCall at_kill(lab.testbed(), sends_sigkill);
  at_kill.hold([](pid_t, long) { return true; });
  auto orphan = lab.start_program("orphan", "", at_kill.order());
  Orphans found{};
  CHECK(is_about_to_kill(orphan, at_kill, found));
  orphan.send(SIGKILL);
  CHECK(orphan.dies_of(SIGKILL));
  for (const auto& [who, pid] : {std::pair{"the parent", found.parent}, {"the child", found.child}})
    CHECK(has_ended(who, pid, "when it is killed before its time", "process/nobody-tells-the-rest"));
}

}  // namespace

TEST_CASE("an orphan is adopted by the nearest subreaper above it, when its parent is dead"
          * id("adopted") * points(10)
          * hint("getppid() in the child tells its parent. With --adopt, who must call prctl(PR_SET_CHILD_SUBREAPER), and before what? And kill() only "
                 "sends the signal: waitpid(), or a pidfd that has become readable, says that the parent is dead.")) {
  for (const std::string way : {"", "below a subreaper", "--adopt"}) {
    const bool below = way == "below a subreaper", adopts = way == "--adopt";
    BeforeCall at_kill(lab.testbed(), sends_sigkill);
    at_kill.hold([](pid_t, long) { return true; });
    const room::Order order = play::inheriting([] { play::ignore_signals({SIGCHLD, SIGTERM}); });
    auto orphan =
        below ? play::start_below_session_leader(lab.testbed(), "orphan", {}, play::Testbed::Tie::streams, at_kill.order(order))
              : lab.start_program("orphan", way, at_kill.order(order));
    Orphans found{};
    CHECK(is_about_to_kill(orphan, at_kill, found));
    const auto child = play::inside(found.child), parent = play::inside(found.parent);
    // The room's pid 1; where it has none, this check.
    const play::InnerPid above{lab.testbed().room().keeper() ? 1 : getpid()};
    const play::InnerPid adopter = adopts ? orphan.inside() : below ? play::parent_inside(orphan.pid()) : above;
    CHECK(orphan.prints_only(child_of(child, parent)));
    play::AtExit dying(lab.testbed(), found.parent), child_dying(lab.testbed(), found.child);
    at_kill.open();
    CHECK(dying.is_killed());
    CHECK(orphan.prints_nothing_more().means("process/looked-too-soon"));
    CHECK(orphan.sleeps().means("process/looked-too-soon"));
    dying.let_die();
    CHECK(waits_for_its_child(orphan, child_dying));
    child_dying.let_die();
    CHECK(orphan.prints_only(fmt::format("killed {}\n", parent) + child_of(child, adopter))
              .means("process/wrong-adopter"));
    CHECK(orphan.exits_with(0));
    CHECK(has_ended("the child", found.child, "when it has ended", "process/left-running"));
    CHECK(is_waited_for("the parent", found.parent));
    // Whom somebody else has adopted is a zombie until that one waits: not this program's affair.
    if (adopts) CHECK(is_waited_for("the child it has adopted", found.child));
  }
  end_it_early();
}

TEST_SUITE_END();
