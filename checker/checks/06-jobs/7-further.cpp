// Lab 06, beyond the 100 points: the modes of the terminal, and jobs that somebody else lets go on.
#include "check.hpp"

#include "words.hpp"

using namespace launching;

TEST_SUITE_BEGIN("06-jobs");

TEST_CASE("the terminal is as it was after a job that was killed or stopped"
          * id("modes") * points(5) * stretch() * needs("taken-at-a-stop") * needs("fg") * needs("keys") * needs("in-time")
          * hint("tcgetattr() when a job stops keeps its modes for fg; tcsetattr() gives the launcher its own.")) {
  lab.file("quiet").put("stty -echo\ngate a\nstty -a\nexec gate b\n");
  auto a = lab.gate("a"), b = lab.gate("b");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("sh quiet\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  jobs.type(key::ctrl_z);
  CHECK(jobs.prints("[1] stopped SIGTSTP\n"));
  jobs.type("stty -a\n");
  CHECK(stty_says(jobs, "echo"));
  CHECK(jobs.prints("[2] done 0\n"));
  jobs.type("fg %1\n");
  CHECK(jobs.prints("[1] continued\n"));
  CHECK(a.is_reached());
  a.open();
  jobs.type(key::ctrl_d);
  CHECK(stty_says(jobs, "-echo"));
  CHECK(b.is_reached());
  jobs.type(key::ctrl_c);
  CHECK(job.is_gone());
  CHECK(has_the_terminal_again(jobs));
  jobs.type("stty -a\n");
  CHECK(stty_says(jobs, "echo"));
}

TEST_CASE("a job that somebody else lets go on is running again"
          * id("continued") * points(5) * stretch() * needs("stopped")
          * hint("waitpid() with WCONTINUED tells of it. The next stop is news again.")) {
  auto a = lab.gate("a");
  auto job = lab.group("job 1");
  auto jobs = lab.start_on_terminal("");
  jobs.type("gate a &\n");
  CHECK(job.is_announced_by(jobs, "[1] started "));
  CHECK(a.is_reached());
  job.send(SIGSTOP);
  CHECK(jobs.prints("[1] stopped SIGSTOP\n"));
  job.send(SIGCONT);
  CHECK(job.goes_on());
  jobs.type("jobs\n");
  CHECK(jobs.prints("[1] running gate a").means("process/continued-not-noticed", jobs.has_printed("[1] stopped gate a")));
  job.send(SIGSTOP);
  CHECK(notices(jobs, "[1] stopped SIGSTOP\n"));
}

TEST_SUITE_END();
