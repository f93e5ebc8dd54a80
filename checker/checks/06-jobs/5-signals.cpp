// Lab 06, the fifth part: signals that a launcher sends to its jobs, on command and at its own end.
#include "check.hpp"

#include <fmt/format.h>
#include <functional>

#include "words.hpp"

using namespace launching;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("kill sends one signal to the whole job"
          * id("kill") * points(3) * needs("group") * needs("defaults") * needs("clean")
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
  Verdict stopped = job.is_stopped();
  const bool other_signal = stopped.failed_by(play::Evidence::Kind::ended);
  CHECK(std::move(stopped).means("signal/one-of-the-group").hints("The line was kill -STOP %1, and the job has ended. Is it the signal that was named?", other_signal));
  const int signal = drawn_from({SIGUSR1, SIGUSR2, SIGALRM, SIGHUP, SIGINT}, 1).front();
  const std::string word = drawn_name(signal), name = play::signal_name(signal);
  for (const auto& [line, sent] : {std::pair{std::string("kill %1\n"), SIGTERM}, {fmt::format("kill -{} %1\n", word), signal}}) {
    jobs.type(line);
    CHECK(job.has_pending(sent).means("signal/more-than-was-asked"));
    play::let_all_come_to_rest(lab.testbed());
    CHECK(is_stopped_still(job));  // no SIGCONT came with it
  }
  CHECK(other.has_members({"gate"}));
  jobs.type("kill -9 %2\n");
  CHECK(other.is_gone());
}

namespace {

// A running job of two, a stopped one, one that ignores SIGHUP, and with `in_front` one in front. They are told so by the
// launcher's end.
void ends(const std::string& n, bool in_front, const std::function<void(Program&)>& end, const std::function<Verdict(Program&)>& has_ended) {
  auto a = lab.gate("a" + n), b = lab.gate("b" + n), c = lab.gate("c" + n), d = lab.gate("d" + n),
       ignoring = lab.gate("ignoring" + n);
  auto running = lab.group("the running job"), stopped = lab.group("the stopped job"),
       front = lab.group("the job in front");
  auto jobs = lab.start_on_terminal("");
  jobs.type(fmt::format("gate a{0} : gate d{0} &\n", n));
  CHECK(running.is_announced_by(jobs, "[1] started "));
  for (auto* gate : {&a, &d}) CHECK(gate->is_reached());
  jobs.type(fmt::format("gate b{0} &\n", n));
  CHECK(stopped.is_announced_by(jobs, "[2] started "));
  CHECK(b.is_reached());
  stopped.send(SIGSTOP);
  CHECK(stopped.is_stopped());
  lab.file("deaf").put("trap '' HUP\nexec gate $1\n");
  jobs.type(fmt::format("sh deaf ignoring{} &\n", n));
  CHECK(ignoring.is_reached());
  if (in_front) {
    jobs.type(fmt::format("gate c{}\n", n));
    CHECK(front.is_announced_by(jobs, "[4] started "));
    CHECK(explained(jobs, c.is_reached()));
  }
  jobs.settle();
  end(jobs);
  CHECK(unless_it_waits(jobs, has_ended(jobs)));
  CHECK(running.is_gone().means("signal/no-hang-up"));
  CHECK(stopped.is_gone().means("signal/no-hang-up"));
  if (in_front) CHECK(front.is_gone());
  CHECK(ignoring.is_reached());  // it lives on
  ignoring.open();
}

}  // namespace

TEST_CASE("when the launcher ends, every job hears SIGHUP"
          * id("end") * points(3) * needs("group") * needs("defaults") * needs("clean") * todo(7)
          * hint("exit and end-of-file end the launcher. Which signal tells a job that its terminal has gone?")) {
  const auto ends_well = [](Program& jobs) { return jobs.exits_with(0); };
  ends("1", false, [](Program& jobs) { jobs.type("exit\n"); }, ends_well);
  ends("2", false, [](Program& jobs) { jobs.type(key::ctrl_d); }, ends_well);
}

TEST_CASE("when the terminal hangs up, every job hears SIGHUP and the launcher ends"
          * id("hang-up") * points(2) * needs("end") * needs("stays-in-front")
          * hint("SIGHUP is sent to the leader of the session, and is the launcher's to pass on. It ends, and waits for nobody.")) {
  for (const bool in_front : {false, true})
    ends(in_front ? "4" : "3", in_front, [](Program& jobs) { jobs.hang_up(); }, hears_the_hang_up);
}

TEST_SUITE_END();
