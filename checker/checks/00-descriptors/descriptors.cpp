// Lab 00: what a redirection must hold. The words are explained in check.hpp, those on files in play/object/files.hpp.
#include "check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr const char* leaked = "descriptor/leaked-to-the-command";

// What a program is made to inherit. These run in the child, just before it becomes the student's program.
void more_descriptors() {
  const Fd null = open_file("/dev/null", O_RDWR);
  for (const int lowest : {3, 40, 200}) must(fcntl(null.get(), F_DUPFD, lowest), "fcntl");
}

void an_ended_child() {
  const pid_t child = must(fork(), "fork");
  if (child == 0) _exit(9);
  siginfo_t seen{};
  must(waitid(P_PID, static_cast<id_t>(child), &seen, WEXITED | WNOWAIT), "waitid");
}

}  // namespace

TEST_SUITE_BEGIN("00-descriptors");

TEST_CASE("the command runs, its arguments arrive untouched, and its output appears"
          * id("runs") * points(10)
          * hint("Begin with TODO 1 and TODO 2 in labs/00-descriptors/redirect.cpp: execvp(3) takes the words as they are, with no shell in between.")) {
  CHECK(lab.start({"printf", "[%s]", "hello", "a  b", "*", "", "$HOME", "-o", "--", "-i"}).prints_only("[hello][a  b][*][][$HOME][-o][--][-i]"));
  CHECK(lab.start({"--", "printf", "[%s]", "-a", "x"}).prints_only("[-a][x]"));
}

TEST_CASE("the command's exit status comes back"
          * id("status") * points(10) * needs("runs")
          * hint("TODO 3: waitpid(2) gives a status word, not an exit status. WIFEXITED and WEXITSTATUS take it apart.")) {
  for (const int status : {7, 1, 255, 0}) {
    auto redirect = lab.start({"sh", "-c", "echo on; exit " + std::to_string(status)});
    CHECK(redirect.prints("on\n"));
    CHECK(redirect.exits_with(status));
  }
}

TEST_CASE("a command that is ended by signal n counts as 128 + n"
          * id("killed") * points(10) * needs("status")
          * hint("WIFSIGNALED says whether a signal ended it, WTERMSIG says which. redirect itself ends in the ordinary way.")) {
  auto killed = lab.start({"sh", "-c", "echo on; kill -KILL $$"});
  CHECK(killed.prints("on\n"));
  CHECK(killed.exits_with(137).means("process/status-word"));
  CHECK(lab.start({"sh", "-c", "kill -TERM $$"}).exits_with(143));  // unless the command was given a mask that blocks it
}

TEST_CASE("with -i the command reads the file; without it, redirect's own input"
          * id("input") * points(10) * needs("runs")
          * hint("TODO 4 opens the file for reading, TODO 5 makes it the command's descriptor 0: dup2(2).")) {
  lab.file("poem").put("roses\n");
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-i", "poem", "gate", "g", "cat"});
  CHECK(gate.is_reached());
  CHECK(gate.has_file(0, "poem"));
  gate.open();
  CHECK(redirect.prints_only("roses\n"));
  auto own = lab.start({"cat"});
  own.type("violets\n");
  CHECK(own.prints("violets\n"));
}

TEST_CASE("with -o the command writes to the file itself, which is made, or emptied first"
          * id("output") * points(10) * needs("status")
          * hint("open(2): which flag makes a file that is not there, and which empties one that is? A new file is 0666 less umask.")) {
  const auto out = lab.file("out"), fresh = lab.file("fresh");
  out.put("a text that was there before\n");
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-o", "out", "gate", "g", "echo", "new"});
  CHECK(gate.is_reached());
  CHECK(gate.has_file(1, "out"));
  gate.open();
  CHECK(redirect.prints_nothing_more());
  CHECK(out.begins_with("new\n"));
  CHECK(out.has_text("new\n").means("descriptor/no-truncate"));
  CHECK(lab.start({"-o", "fresh", "echo", "new"}, play::inheriting([] { umask(027); })).prints_only(""));
  CHECK(fresh.exists());
  CHECK(fresh.has_mode(0640).means("descriptor/made-without-a-mode"));
  CHECK(fresh.has_text("new\n"));
}

TEST_CASE("with -a it writes at the end, also when others write there meanwhile"
          * id("append") * points(10) * needs("status")
          * hint("The end of a file moves when somebody else writes. Which flag of open(2) finds it anew at every write?")) {
  const auto log = lab.file("log"), fresh = lab.file("fresh");
  log.put("one\n", 0666);
  auto gate = lab.gate("g");
  auto redirect = lab.start({"-a", "log", "gate", "g", "echo", "three"});
  CHECK(gate.is_reached());
  CHECK(gate.has_file(1, "log"));
  CHECK(log.has_text("one\n"));
  log.append("two\n");  // the command has its descriptor already, and has not written yet
  gate.open();
  CHECK(redirect.prints_only(""));
  CHECK(log.has_text("one\ntwo\nthree\n").means("descriptor/append-by-seek"));
  CHECK(lab.start({"-a", "fresh", "echo", "new"}).prints_only(""));
  CHECK(fresh.exists());
  CHECK(fresh.has_mode(0644).means("descriptor/made-without-a-mode"));
  CHECK(fresh.has_text("new\n"));
}

TEST_CASE("with -e errors go to the file; all options work together; of several -o and -a the last one wins"
          * id("together") * points(5) * needs("input") * needs("output") * needs("append")
          * hint("Each option has its place: -i 0, -o and -a 1, -e 2. Work through them in the order they were given.")) {
  lab.file("in").put("word\n");
  lab.file("err").put("a text that was there before\n");
  auto all = lab.start({"-e", "err", "-i", "in", "-o", "out", "sh", "-c", "read it; echo \"out $it\"; echo \"err $it\" >&2; exit 4"});
  CHECK(all.exits_with(4));
  CHECK(lab.file("out").has_text("out word\n"));
  CHECK(lab.file("err").begins_with("err word\n"));
  CHECK(lab.file("err").has_text("err word\n").means("descriptor/no-truncate"));
  CHECK(all.prints_only(""));
  CHECK(all.complains_of_nothing());
  CHECK(lab.start({"-o", "first", "-a", "second", "-o", "third", "-a", "last", "echo", "x"}).prints_only(""));
  CHECK(lab.file("last").has_text("x\n"));
}

TEST_CASE("a file that cannot be opened: a message that names it, exit status 125, and the command does not run"
          * id("refused") * points(10) * needs("status")
          * hint("open(2) returns -1 when it has failed, and errno says why. The given give_up() says it and ends the child, before exec.")) {
  const std::vector<std::pair<std::string, std::string>> hopeless{{"-i", "missing"}, {"-o", "no-folder/out"}, {"-a", "no-folder/log"}, {"-e", "no-folder/err"}};
  for (const auto& [option, name] : hopeless) {
    auto redirect = lab.start({option, name, "touch", "ran"});
    CHECK(redirect.exits_with(125));
    CHECK(redirect.complains(name));
    CHECK(lab.file("ran").does_not_exist());
  }
  auto later = lab.start({"-o", "out", "-i", "missing", "touch", "ran"});
  CHECK(later.exits_with(125));
  CHECK(later.complains("missing"));
  CHECK(lab.file("ran").does_not_exist());
}

TEST_CASE("a command that is not found: 127; one that is there but cannot be executed: 126; each said once"
          * id("not-found") * points(10) * needs("status")
          * hint("exec returns only when it has failed: keep errno before another call changes it, say it, and _exit. If it is said twice: in whose process does each line run?")) {
  auto missing = lab.start({"no-such-command"});
  CHECK(missing.complains_times("no-such-command", 1));
  CHECK(missing.exits_with(127));
  lab.file("data").put("no program\n");
  auto data = lab.start({"./data", "x"});
  CHECK(data.complains_times("data", 1));
  CHECK(data.exits_with(126));
}

TEST_CASE("the command has descriptors 0, 1 and 2 and no other, and no signal is blocked or ignored in it"
          * id("nothing-else") * points(5) * needs("input") * needs("output")
          * hint("ls -l /proc/PID/fd shows what a process has open. What redirect opened or was given above 2 must not outlive exec: TODO 6.")) {
  lab.file("in").put("x\n");
  auto plain = lab.gate("plain"), all = lab.gate("all"), more = lab.gate("more");
  lab.start("gate plain");
  CHECK(plain.is_reached());
  CHECK(plain.keeps_open({0, 1, 2}, leaked));
  CHECK(plain.starts_clean().means("signal/passed-on-to-the-command"));
  lab.start("-i in -o out -a log -e err gate all");
  CHECK(all.is_reached());
  CHECK(all.keeps_open({0, 1, 2}, leaked));
  lab.start("-o out gate more", play::inheriting(more_descriptors));
  CHECK(more.is_reached());
  CHECK(more.keeps_open({0, 1, 2}, "descriptor/inherited-passed-on"));
}

TEST_CASE("redirect waits until the command has ended: stopped is not ended, and the command's children do not count"
          * id("waits") * points(5) * needs("status")
          * hint("waitpid(pid, &word, 0) reports an end, not a stop. A caught signal interrupts it with EINTR: then wait again.")) {
  auto gate = lab.gate("g"), child = lab.gate("child");
  auto redirect = lab.start({"gate", "g", "sh", "-c", "exit 3"});
  CHECK(gate.is_reached());
  redirect.send(SIGCHLD);  // says that something has happened to a child: not what, and not to which
  CHECK(redirect.stays_alive().means("signal/wait-interrupted"));
  gate.freeze();
  CHECK(redirect.stays_alive().means("process/stop-taken-for-end"));
  gate.thaw();
  CHECK(gate.is_reached());
  gate.open();
  CHECK(redirect.exits_with(3));
  auto parent = lab.start({"sh", "-c", "gate child & exit 5"});
  CHECK(child.is_reached());
  CHECK(parent.exits_with(5));
}

TEST_CASE("whoever started redirect: an ignored SIGCHLD or a child that it does not know change nothing"
          * id("started-by-anyone") * points(5) * needs("status")
          * hint("Ignored signals and children outlive exec: redirect may have both from its very start. Wait for the one pid that you started. By hand: env --ignore-signal=CHLD before it.")) {
  auto ignored = lab.start({"sh", "-c", "exit 3"}, play::inheriting([] { signal(SIGCHLD, SIG_IGN); }));
  CHECK(ignored.exits_with(3).means("signal/sigchld-ignored"));
  auto gate = lab.gate("g");
  auto redirect = lab.start({"gate", "g", "sh", "-c", "exit 3"}, play::inheriting(an_ended_child));
  CHECK(gate.is_reached());
  CHECK(redirect.stays_alive().means("process/waited-for-any-child"));
  gate.open();
  CHECK(redirect.exits_with(3));
}

TEST_CASE("-e @1: errors go to the same open file as output"
          * id("same-file") * stretch() * needs("together")
          * hint("Two open() calls give two offsets. dup2(1, 2) gives one open file a second number.")) {
  auto redirect = lab.start({"-o", "both", "-e", "@1", "sh", "-c", "echo out; echo error >&2; echo out again"});
  CHECK(redirect.exits_with(0));
  CHECK(lab.file("both").has_text("out\nerror\nout again\n").means("descriptor/opened-twice"));
  CHECK(redirect.complains_of_nothing());
}

TEST_CASE("-e @1 before -o: errors go where output went at that point"
          * id("in-order") * stretch() * needs("same-file")
          * hint("@1 means what descriptor 1 is when its turn comes. Handle the options in the order they were given.")) {
  auto redirect = lab.start({"-e", "@1", "-o", "out", "sh", "-c", "echo error >&2; echo out"});
  CHECK(redirect.exits_with(0));
  CHECK(lab.file("out").has_text("out\n").means("descriptor/redirected-out-of-order"));
  CHECK(redirect.prints_only("error\n"));
}

TEST_CASE("descriptor 0 is closed at the start: every option still does what it says"
          * id("closed-input") * stretch() * needs("together") * needs("nothing-else")
          * hint("open(2) gives the lowest free number, and that is 0 here. What do dup2(0, 0) and close(0) do then? By hand: <&- behind it.")) {
  lab.file("in").put("x\n");
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c"), d = lab.gate("d");
  const room::Order closed = play::inheriting([] { close(0); });
  lab.start("-o out gate b", closed);
  CHECK(b.is_reached());
  CHECK(b.has_file(1, "out").means("descriptor/zero-is-a-number"));
  CHECK(b.has_no_file(0, "out").means(leaked));
  lab.start("-i in gate a", closed);
  CHECK(a.is_reached());
  CHECK(a.keeps_open({0, 1, 2}, leaked).means("descriptor/dup2-onto-itself"));
  CHECK(a.has_file(0, "in"));
  for (auto* gate : {&c, &d}) {
    lab.start(gate == &c ? "-e err -o out -i in gate c" : "-i in -e err -a out gate d", closed);
    CHECK(gate->is_reached());
    CHECK(gate->keeps_open({0, 1, 2}, leaked).means("descriptor/dup2-onto-itself"));
    CHECK(gate->has_file(0, "in"));
    CHECK(gate->has_file(1, "out"));
    CHECK(gate->has_file(2, "err"));
  }
}

TEST_SUITE_END();
