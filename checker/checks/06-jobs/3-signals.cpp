// Lab 06, the third part: signals that a launcher sends to its jobs, on command and at its own end.
#include "check.hpp"

#include <fmt/format.h>

#include "words.hpp"

using namespace launching;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("kill sends one signal to the whole job"
          * id("kill") * points(5) * needs("stop")
          * hint("kill() with a negative number reaches a whole process group. A stopped process hears SIGTERM only when it goes on.")) {
  auto a = lab.gate("a"), b = lab.gate("b"), c = lab.gate("c"), d = lab.gate("d");
  auto job = lab.group("job 1"), other = lab.group("job 2");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a : gate b : gate c &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &b, &c}) CHECK(gate->is_reached());
  jobs.type("gate d &\n");
  CHECK(other.is_announced_by(jobs, "[2] started "));
  CHECK(d.is_reached());
  jobs.type("kill -STOP %1\n");
  CHECK(job.is_stopped().means("signal/one-of-the-group"));
  CHECK(jobs.prints("[1] stopped "));
  jobs.type("kill %1\n");
  CHECK(job.has_pending(SIGTERM).means("signal/more-than-was-asked"));
  CHECK(jobs.sleeps());
  CHECK(is_stopped_still(job));  // no SIGCONT came with it
  jobs.type("bg %1\n");
  CHECK(jobs.prints("[1] killed SIGTERM\n"));
  jobs.type("kill -SIGSTOP %2\n");
  CHECK(jobs.prints("[2] stopped "));
  jobs.type("kill -9 %2\n");
  CHECK(jobs.prints("[2] killed SIGKILL\n"));
}

TEST_CASE("when the launcher ends, every job hears SIGHUP"
          * id("end") * points(5) * needs("stop")
          * hint("exit, end-of-file and SIGHUP end the launcher. Which signal tells a job that its terminal has gone?")) {
  for (const std::string way : {"exit", "end-of-file", "hang-up", "hang-up with a job in front"}) {
    const std::string n = std::to_string(way.size());
    auto a = lab.gate("a" + n), b = lab.gate("b" + n), c = lab.gate("c" + n), d = lab.gate("d" + n),
         ignoring = lab.gate("ignoring" + n);
    auto running = lab.group("the running job"), stopped = lab.group("the stopped job"),
         front = lab.group("the job in front");
    auto jobs = lab.start_on_terminal("");
    jobs.type(fmt::format("gate a{0} : gate d{0} &\n", n));
    CHECK(running.is_announced_by(jobs, "[1] started "));
    CHECK(a.is_reached());
    CHECK(d.is_reached());
    jobs.type(fmt::format("gate b{0} &\n", n));
    CHECK(stopped.is_announced_by(jobs, "[2] started "));
    CHECK(b.is_reached());
    stopped.send(SIGSTOP);
    CHECK(jobs.prints("[2] stopped "));
    lab.file("deaf").put("trap '' HUP\nexec gate $1\n");
    jobs.type(fmt::format("sh deaf ignoring{} &\n", n));
    CHECK(ignoring.is_reached());
    if (way.size() > 11) {
      jobs.type(fmt::format("gate c{}\n", n));
      CHECK(front.is_announced_by(jobs, "[4] started "));
      CHECK(c.is_reached());
    }
    if (way == "exit") jobs.type("exit\n");
    else if (way == "end-of-file") jobs.type(key::ctrl_d);
    else jobs.hang_up();
    if (way[0] == 'e') CHECK(jobs.exits_with(0));
    else CHECK(hears_the_hang_up(jobs));
    CHECK(running.is_gone().means("signal/no-hang-up"));
    CHECK(stopped.is_gone().means("signal/no-hang-up"));
    if (way.size() > 11) CHECK(front.is_gone());
    CHECK(ignoring.is_reached());  // it lives on
    ignoring.open();
  }
}

TEST_SUITE_END();
