// Lab 06, the second part: what a launcher collects and says of its jobs. All of them run behind, so nothing here asks who
// has the terminal.
#include "check.hpp"

#include <fmt/format.h>
#include <map>

#include "words.hpp"

using namespace launching;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("no zombie stays, however many end at once"
          * id("zombies") * points(3) * needs("sleeps") * todo(3)
          * hint("SIGCHLD does not count: one may stand for ten children. Ask waitpid() until it has nothing more to tell.")) {
  auto one = lab.gate("one"), other = lab.gate("other");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate one true : gate other true &\n");
  for (auto* gate : {&one, &other}) CHECK(gate->is_reached());
  for (auto* gate : {&one, &other}) {
    gate->open();
    CHECK(gate->is_gone());
    CHECK(jobs.has_no_zombies());
  }
  std::vector<play::Gate> all;
  for (int i = 1; i <= 10; i += 2) {
    for (const int n : {i, i + 1}) all.push_back(lab.gate(fmt::format("g{}", n)));
    jobs.type(fmt::format("gate g{} : gate g{} &\n", i, i + 1));
  }
  for (play::Gate& each : all) CHECK(each.is_reached());
  jobs.freeze();
  for (const play::Gate& each : all) each.send(SIGKILL);
  for (const play::Gate& each : all) CHECK(each.is_gone());
  jobs.thaw();
  CHECK(has_waited_for_all_at_once(jobs));
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "true : true &\n";
  jobs.type(lines);
  CHECK(has_waited_for_all_at_once(jobs));
}

TEST_CASE("a job is started, ends, and is reported"
          * id("started") * points(5) * needs("runs") * todo(4)
          * hint("A job is over when none of its processes is left. Its line is said once, as soon as it is known, also while a line is awaited.")) {
  const int status = static_cast<int>(3 + lab.dice()() % 100);
  lab.file("ends").put(fmt::format("exit {}\n", status));
  auto jobs = lab.start_on_terminal("");
  for (const auto& [line, told] : {std::pair{"true", 0}, {"sh ends", status}, {"false", 1}}) {
    jobs.type(fmt::format("{} &\n", line));
    CHECK(jobs.prints("[1] started "));
    CHECK(explained(jobs, jobs.prints("[1] ")));
    CHECK(goes_on_with(jobs, fmt::format("done {}", told)).means("process/status-word", takes_the_word_for_the_status(jobs, told)));
  }
  jobs.type("exit\n");
  CHECK(jobs.exits_with(0));
}

TEST_CASE("a job whose last command was ended by a signal is reported as killed"
          * id("killed") * points(3) * needs("started") * needs("defaults") * needs("clean")
          * hint("WIFSIGNALED tells that a signal has ended it, WTERMSIG which one.")) {
  const std::vector<int> ending{SIGKILL, SIGTERM, SIGUSR1, SIGALRM, SIGUSR2, SIGHUP};
  auto jobs = lab.start_on_terminal("");
  for (const int signal : drawn_from(ending, 2)) {
    const std::string name = play::signal_name(signal);
    auto doomed = lab.gate(name);
    jobs.type("gate " + name + " &\n");
    CHECK(jobs.prints("[1] started "));
    CHECK(doomed.is_reached());
    doomed.send(signal);
    CHECK(jobs.prints("[1] "));
    CHECK(goes_on_with(jobs, "killed " + name).means("process/status-word", says_done(jobs)));
  }
}

TEST_CASE("a job is over with the last of its processes, and its last command says how"
          * id("over") * points(3) * needs("started")
          * hint("A job is over when none of its processes is left; what is reported is its last command.")) {
  const int first = static_cast<int>(10 + lab.dice()() % 40), last = first + 50;
  lab.file("first").put(fmt::format("exit {}\n", first));
  lab.file("last").put(fmt::format("exit {}\n", last));
  auto early = lab.gate("early"), late = lab.gate("late");
  auto jobs = lab.start_on_terminal("");
  // Once the first command is the last to end, once the last.
  jobs.type("gate early sh first : sh last &\n");
  CHECK(jobs.prints("[1] started "));
  CHECK(early.is_reached());
  CHECK(keeps_silent(jobs, "[1] ", "it says nothing of a job as long as one of its processes lives").hints("Its last command has ended, and its first one has not. A job is over when none of its processes is left."));
  early.open();
  CHECK(jobs.prints("[1] "));
  CHECK(goes_on_with(jobs, fmt::format("done {}", last)).means("process/wrong-child", jobs.has_printed(fmt::format("done {}\n", first))));
  jobs.type("sh first : gate late sh last &\n");
  CHECK(jobs.prints("[1] started "));
  CHECK(late.is_reached());
  CHECK(keeps_silent(jobs, "[1] ", "it says nothing of a job as long as one of its processes lives").hints("Its first command has ended, and its last one has not. A job is over when none of its processes is left."));
  late.open();
  CHECK(jobs.prints(fmt::format("[1] done {}\n", last)));
  CHECK(says(jobs, "[1] done", 2));
}

TEST_CASE("what cannot be done is refused in one line: a wrong line, an unknown job or command, a process that the system refuses"
          * id("refused") * points(3) * needs("started") * needs("sleeps")
          * hint("exec returns only when it has failed: then the child ends, with 127 when there is no such command. fork() may be refused, and returns -1.")) {
  auto g = lab.gate("g");
  auto jobs = lab.start_on_terminal("", errors_to("errors"));
  jobs.type("gate g &\n");
  CHECK(g.is_reached());
  jobs.type("fg %7\ntrue : : true\n");
  CHECK(complaints_come_to("errors", 2, "no such job, and a wrong line"));
  jobs.type("no-such-command &\n");
  CHECK(jobs.prints("[2] started "));
  CHECK(has_no_double(jobs));
  CHECK(complaints_come_to("errors", 3, "no such job, a wrong line, and no such command"));
  CHECK(jobs.prints("[2] "));
  CHECK(goes_on_with(jobs, "done 127"));
  lab.file("plain").put("no program\n");
  jobs.type("./plain &\n");
  CHECK(jobs.prints("[2] started "));
  CHECK(complaints_come_to("errors", 4, "no such job, a wrong line, no such command, and one that cannot be executed"));
  CHECK(jobs.prints("[2] "));
  CHECK(goes_on_with(jobs, "done 126"));
  auto poor = lab.start_on_terminal("", without_processes(errors_to("refusals")));
  poor.type("true &\n");
  CHECK(complaints_come_to("refusals", 1, "that the command cannot be started").hints("fork() was refused here (EAGAIN). It returns -1 then, which is no pid: say it, and start no job."));
  CHECK(keeps_silent(poor, "] started", "it does not say that a job has started").hints("fork() was refused here (EAGAIN). It returns -1 then, which is no pid: say it, and start no job."));
  CHECK(lives_on(poor));
  CHECK(lab.start("").exits_with(1));
  CHECK(lab.start("now").exits_with(2));
}

TEST_SUITE_END();
