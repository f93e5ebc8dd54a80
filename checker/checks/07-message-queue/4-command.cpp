// Lab 07: workers that run a command for each message.
#include <algorithm>

#include "words.hpp"

using namespace dispatch;

TEST_SUITE_BEGIN("07-message-queue");

TEST_CASE("work -- CMD runs CMD once for each message, which is its last argument, whatever is in it"
          * id("command") * points(4) * needs("any-size") * todo(7)
          * hint("run() is given: it starts the command, and waits for its end. The message is one argument, the last one: nobody takes it apart.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  auto gate = lab.gate("first");
  play::Execs execs(lab.testbed(), "dispatch");
  auto worker = work_given(jobs, execs.order(), {"gate", "first", "printf", "<%s>"});
  for (const std::string& text : {some_text("plain"), std::string("two  words"), std::string("* $HOME; 'x' \"y"), std::string("a\nb")}) {
    put_all(jobs, {text});
    const Verdict reached = gate.is_reached();
    if (text.starts_with("plain")) CHECK(execs.are_its_own());
    CHECK(reached);
    gate.open();
    CHECK(worker.prints_next("<" + text + ">"));
  }
}

TEST_CASE("each worker has one job in hand, and the next message stays in the queue until that is done"
          * id("one-each") * points(3) * needs("command") * needs("sleeps")
          * hint("Take one, be done with it, take the next. Whoever takes more keeps others from it, who have nothing to do.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  play::Crowd crowd(lab.testbed(), "g", 3);
  std::vector<Program> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(work_on(jobs, {"gate", crowd.at(i), "true"}));
  for (const Program& worker : workers) let_it_wait(jobs, worker);
  for (int i = 0; i < 5; ++i) put_all(jobs, {some_text("job")});
  for (int left = 5; left > 0; --left) {
    static_cast<void>(crowd.stands_at(std::min(left, 3)).passed());
    const bool many = std::ranges::any_of(workers, [](const Program& w) { return !w.has_ended() && play::children_of(w.pid()).size() > 1; });
    Verdict counted = jobs.counts(std::max(left - 3, 0));
    const bool fewer = jobs.count().value_or(0) < left - 3;
    CHECK(std::move(counted).is_explained_by("queue/job-not-waited-for", many).means("queue/takes-ahead", fewer));
    CHECK(crowd.stands_at(std::min(left, 3)));
    crowd.let_one_go();
  }
}

TEST_CASE("CMD has descriptors 0, 1, 2 and the signal mask and dispositions that work was given, and no more"
          * id("world") * points(2) * needs("one-each")
          * hint("What work opens, blocks or catches for itself is its own affair. exec resets handlers, and keeps the mask and what is ignored.")) {
  const PosixQueue jobs(lab.testbed()), plain(lab.testbed());
  set_up(jobs, {4, 64});
  set_up(plain, {4, 64});
  put_all(jobs, {"job", "another"});
  put_all(plain, {"job"});
  auto gate = lab.gate("given"), other = lab.gate("plain");
  auto worker = work_given(jobs, play::inheriting([] {
    play::block_signals({SIGUSR1, SIGTERM});
    play::ignore_signals({SIGUSR2, SIGCHLD});
  }), {"gate", "given", "true"});
  CHECK(gate.is_reached());
  CHECK(gate.keeps_open({0, 1, 2}, "descriptor/leaked-to-the-command"));
  for (const int fd : {0, 1, 2}) CHECK(gate.shares(fd, worker, fd));
  auto another = work_on(plain, {"gate", "plain", "true"});
  CHECK(other.is_reached());
  CHECK(other.starts_clean().means("signal/passed-on-to-the-command"));
  CHECK(gate.blocks_only({SIGUSR1, SIGTERM}).where("work was started with USR1 and TERM blocked"));
  CHECK(gate.ignores(SIGUSR2).where("work was started with USR2 ignored"));
  gate.open();
  CHECK(gate.is_reached().where("work was started with SIGCHLD ignored").hints("While SIGCHLD is ignored no child leaves a status, and waitpid(2) says ECHILD: set it to its default before."));
}

TEST_CASE("a CMD that fails or is killed is told, in a line, and work goes on with the next message"
          * id("failing") * points(3) * needs("command") * needs("one-each")
          * hint("One bad job is no reason to leave the others undone. What run() returns is the status as waitpid(2) gives it: WIFSIGNALED, WEXITSTATUS.")) {
  const PosixQueue jobs(lab.testbed());
  set_up(jobs, {8, 64});
  const std::string status = std::to_string(lab.some_status()), good = some_text("good"), again = some_text("again");
  put_all(jobs, {"fail", good, "die", again});
  auto worker = work_on(jobs, {"sh", "-c", "case $0 in fail) exit " + status + ";; die) kill -KILL $$;; esac; echo $0"});
  for (const std::string& text : {good, again}) {
    Verdict goes_on = worker.prints_next(text + "\n");
    const bool left_undone = ended_by_itself(worker, goes_on) && jobs.count().value_or(0) > 0;
    CHECK(std::move(goes_on).hints("One CMD has failed, and work has left the others undone. Only 126 and 127 say that nothing has run.", left_undone));
    // When the first has come, the next may have failed already: it is as fast as the machine.
    const auto lines = std::ranges::count(worker.complained(), '\n'), wanted = text == good ? 1L : 2L;
    CHECK(Verdict::yes_if(lines == 2 || lines == wanted, "standard error holds one line for each CMD that failed, " + std::to_string(wanted) + " by now",
                 "it holds " + std::to_string(lines) + ": " + quote(worker.complained(), 200)));
  }
}

TEST_CASE("a CMD that is not found, or cannot be executed, ends work with 127 or 126 at once: the other messages stay"
          * id("missing") * points(3) * needs("command") * needs("one-each")
          * hint("A misspelt CMD fails for every message, and each one is lost. Which statuses say that nothing has run? run() gives the status as waitpid(2) does: WEXITSTATUS.")) {
  lab.file("plain").put("not a program", 0644);
  for (const auto& [command, status] : {std::pair(std::string("./") + some_text("nothing"), 127), std::pair(std::string("./plain"), 126)}) {
    const PosixQueue jobs(lab.testbed());
    set_up(jobs, {8, 64});
    put_all(jobs, {"one", "two", "three"});
    auto worker = work_on(jobs, {command});
    Verdict ends = worker.exits_with(status);
    const bool eaten = jobs.count() == 0;
    CHECK(std::move(ends).is_explained_by("queue/eaten", eaten));
    const auto left = jobs.count();
    CHECK(Verdict::yes_if(left >= 2, "two of three messages are still there", std::to_string(left.value_or(0)) + " are"));
    CHECK(Verdict::yes_if(!worker.complained().empty(), "standard error names what could not be run", "it is empty"));
  }
}

TEST_SUITE_END();
