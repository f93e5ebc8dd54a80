// Lab 00: the command as a child of redirect: started, waited for, and how it ended. The words are explained in check.hpp.
#include "check.hpp"

#include <cerrno>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// An ended child that a program inherits. Runs in the child, just before it becomes the student's program.
void an_ended_child() {
  const pid_t child = must(fork(), "fork");
  if (child == 0) _exit(9);
  siginfo_t seen{};
  must(waitid(P_PID, static_cast<id_t>(child), &seen, WEXITED | WNOWAIT), "waitid");
}

constexpr const char* all_refused = "here the system refuses every new process (fork fails with EAGAIN)";

}  // namespace

TEST_SUITE_BEGIN("00-descriptors");

TEST_CASE("redirect starts the command itself: no shell and no other program in between"
          * id("itself") * points(5) * todo(1)
          * hint("fork(2) makes the child, exec(3) in the child makes it the command.")) {
  play::Execs execs(lab.testbed(), "redirect");
  auto gate = lab.gate("g");
  lab.start({"gate", "g"}, execs.order());
  CHECK(gate.is_reached());
  CHECK(execs.are_its_own());
  // A shell that was loaded without exec is no file that could be seen. But every shell puts PWD into the environment (sh(1)), and nobody
  // else does.
  CHECK(lab.start("printenv PWD").prints_only("").means("process/shell-between"));
}

TEST_CASE("the command runs, its arguments arrive untouched, and its output appears"
          * id("runs") * points(10) * needs("itself")
          * hint("execvp(3) takes the words as they are, and the command's first word is its own name. No shell takes them apart again.")) {
  const std::string nonce = std::to_string(lab.dice()());
  CHECK(lab.start({"printf", "[%s]", nonce, "a  b", "*", "", "$HOME", "-o", "--", "-i"}).prints_only("[" + nonce + "][a  b][*][][$HOME][-o][--][-i]"));
  CHECK(lab.start({"--", "printf", "[%s]", "-a", nonce}).prints_only("[-a][" + nonce + "]"));
}

TEST_CASE("redirect waits until the command has ended: stopped is not ended, and the command's children do not count"
          * id("waits") * points(5) * needs("runs") * todo(2)
          * hint("waitpid(pid, &word, 0) reports an end, not a stop. A caught signal interrupts it with EINTR: then wait again.")) {
  auto gate = lab.gate("g"), child = lab.gate("child");
  auto redirect = lab.start({"gate", "g", "true"});
  CHECK(gate.is_reached());
  CHECK(redirect.stays_alive().means("process/left-running"));
  redirect.send(SIGCHLD);  // says that something has happened to a child: not what, and not to which
  CHECK(redirect.stays_alive().means("signal/wait-interrupted"));
  gate.freeze();
  CHECK(redirect.stays_alive().means("process/stop-taken-for-end"));
  gate.thaw();
  CHECK(gate.is_reached());
  gate.open();
  CHECK(redirect.exits());
  auto parent = lab.start({"sh", "-c", "gate child & true"});
  CHECK(child.is_reached());
  CHECK(parent.exits());
}

TEST_CASE("the command's exit status comes back"
          * id("status") * points(10) * needs("runs") * todo(3)
          * hint("waitpid(2) gives a status word, not an exit status. WIFEXITED and WEXITSTATUS take it apart.")) {
  auto killed = lab.start({"sh", "-c", "kill -KILL $$"});
  const bool whole_word = killed.exits_with(SIGKILL).passed();
  for (const int status : {static_cast<int>(2 + lab.dice()() % 120), 1, 255, 0}) {
    auto redirect = lab.start({"sh", "-c", "echo on; exit " + std::to_string(status)});
    CHECK(redirect.prints("on\n"));
    CHECK(redirect.exits_with(status).means("process/status-word", whole_word));
  }
}

TEST_CASE("a command that is ended by signal n counts as 128 + n"
          * id("killed") * points(5) * needs("status")
          * hint("WIFSIGNALED says whether a signal ended it, WTERMSIG says which. redirect itself ends in the ordinary way.")) {
  auto killed = lab.start({"sh", "-c", "echo on; kill -KILL $$"});
  CHECK(killed.prints("on\n"));
  CHECK(killed.exits_with(137).means("process/status-word"));
  CHECK(lab.start({"sh", "-c", "kill -TERM $$"}).exits_with(143));  // unless the command was given a mask that blocks it
}

TEST_CASE("a command that is not found: 127; one that is there but cannot be executed: 126; each said once"
          * id("not-found") * points(5) * needs("status")
          * hint("exec returns only when it has failed: keep errno before another call changes it, say it, and _exit. If it is said twice: in whose process does each line run?")) {
  auto missing = lab.start({"no-such-command"});
  CHECK(missing.complains_times("no-such-command", 1));
  play::Verdict not_found = missing.exits_with(127);
  const bool other_reason = not_found.ended_with(126);
  CHECK(std::move(not_found).hints("errno was ENOENT when exec came back. Which call ran before it was looked at?", other_reason));
  lab.file("data").put("no program\n");
  auto data = lab.start({"./data", "x"});
  CHECK(data.complains_times("data", 1));
  play::Verdict no_program = data.exits_with(126);
  const bool taken_for_missing = no_program.ended_with(127);
  CHECK(std::move(no_program).hints("The file is there, and exec said EACCES: only ENOENT means that there is no such command.", taken_for_missing));
}

TEST_CASE("whoever started redirect: an ignored SIGCHLD or a child that it does not know change nothing"
          * id("started-by-anyone") * points(5) * needs("status") * needs("waits")
          * hint("Ignored signals and children outlive exec: redirect may have both from its very start. Wait for the one pid that you started. By hand: env --ignore-signal=CHLD before it.")) {
  auto ignored = lab.start({"sh", "-c", "exit 3"}, play::inheriting([] { signal(SIGCHLD, SIG_IGN); }));
  CHECK(ignored.exits_with(3).means("signal/sigchld-ignored"));
  auto gate = lab.gate("g");
  auto redirect = lab.start({"gate", "g", "sh", "-c", "exit 3"}, play::inheriting(an_ended_child));
  CHECK(gate.is_reached());
  CHECK(redirect.stays_alive().means("process/waited-for-any-child"));
  gate.open();
  CHECK(redirect.exits_leaving_others(3));
}

TEST_CASE("where there is no process to be had: a message that says so, and exit status 125"
          * id("no-child") * points(5) * needs("runs")
          * hint("fork() returns -1 then, and errno says why. In no process has anything been started, and there is nobody to wait for.")) {
  const std::string nonce = std::to_string(lab.dice()());
  CHECK(lab.start({"echo", nonce}).prints_only(nonce + "\n"));
  auto redirect = lab.start({"echo", nonce}, play::inheriting([] { play::seccomp::refuse_children(EAGAIN); }));
  CHECK(redirect.exits().where(all_refused));
  CHECK(redirect.prints_only("").where(all_refused));
  CHECK(redirect.exits_with(125).where(all_refused));
  CHECK(redirect.complains("Resource temporarily unavailable").where(all_refused));
}

TEST_SUITE_END();
