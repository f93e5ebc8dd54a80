#include "words.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "check.hpp"

namespace launching {

using play::Evidence;

namespace {

// For what the kernel has shown already: that it has not come is a finding, whatever everyone waits for now.
Verdict finds(Verdict verdict, const std::string& diagnosis, const std::string& actual) {
  return std::move(verdict).is_a_finding(actual).means(diagnosis);
}

}  // namespace

room::Order errors_to(const std::string& file) {
  return play::inheriting([file] {
    const Fd fd = open_file(file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    must(dup2(fd.get(), 2), "dup2");
  });
}

Verdict complaints_come_to(const std::string& file, long wanted) {
  const auto lines = [&] {
    const std::string all = read_file(file);
    return std::count(all.begin(), all.end(), '\n');
  };
  if (play::wait_until(lab.testbed(), [&] { return lines() >= wanted; })) return Verdict::yes();
  return Verdict::no(fmt::format("it writes {} lines on standard error: no such job, a wrong line, no such command", wanted), fmt::format("it wrote {}", lines()), {"on standard error: " + quote(read_file(file), 200)});
}

Verdict goes_on_with(Program& jobs, const std::string& news) {
  play::wait_until(lab.testbed(), [&] { return jobs.unread().find('\n') != std::string::npos; });
  const std::string unread = jobs.unread(), line = unread.substr(0, unread.find('\n'));
  if (line == news) return jobs.prints(news + "\n");
  return Verdict::no(fmt::format("it says {} of the job", quote(news)), "it says " + quote(line));
}

Verdict notices(Program& jobs, const std::string& news, const std::string& otherwise) {
  return finds(jobs.prints(news), otherwise,
               "all of the job that lives is stopped, and it says nothing of it");
}

Verdict says_no_stop(const Program& jobs) {
  const auto stop_said = [&] { return jobs.unread().find("] stopped") != std::string::npos; };
  const play::Waited waited = play::wait_until(lab.testbed(), stop_said);
  if (waited.outcome == play::Waited::Outcome::quiet) return Verdict::yes();
  Evidence e;
  e.expected = "it says nothing of a stop as long as one process of the job runs";
  e.actual = waited ? "it does" : waited.why;
  if (!waited) e.kind = Evidence::Kind::spent;
  e.lines = lab.testbed().story_of(lab.testbed().family()).lines;
  e.lines.push_back("it has printed " + quote(jobs.printed()));
  return Verdict::no(std::move(e));
}

Verdict stty_says(Program& jobs, const std::string& word) {
  const std::string other = word[0] == '-' ? word.substr(1) : "-" + word;
  std::string line, said;
  const auto is_said = [&] {
    for (const std::string& each : split(jobs.unread(), '\n'))
      for (std::string one : split(each, ' ')) {
        std::erase(one, '\r');
        if (one == word || one == other) line = each, said = one;
      }
    return !said.empty();
  };
  play::wait_until(lab.testbed(), is_said);
  if (said == word) return jobs.prints(word);
  return Verdict::no(fmt::format("the terminal's modes have the word {} (stty -a)", quote(word)), said.empty() ? "stty -a says neither it nor " + quote(other) : "they have " + quote(said), {"on the terminal: " + quote(line.empty() ? jobs.unread() : line, 200)});
}

Verdict has_the_terminal_again(const Program& jobs) {
  return finds(jobs.is_in_foreground(), "terminal/not-taken-back", "another one is, and no process of it can read");
}

Verdict has_no_double(const Program& jobs) {
  const auto doubles = [&] {
    std::vector<std::string> lines;
    for (const play::Seen& child : play::children_of(jobs.pid()))
      if (child.name == jobs.name() && !child.ended)
        lines.push_back(fmt::format("{} {}   is a child of {} {}", child.name, child.inside, jobs.name(), jobs.inside()));
    return lines;
  };
  if (play::wait_until(lab.testbed(), [&] { return doubles().empty(); })) return Verdict::yes();
  return Verdict::no("it runs once", "its child runs as a second launcher", doubles()).is_explained_by("process/child-runs-on");
}

Verdict says(const Program& jobs, const std::string& news, int times) {
  const auto said = [&] {
    int n = 0;
    const std::string all = jobs.printed();
    for (size_t at = all.find(news); at != std::string::npos; at = all.find(news, at + 1)) ++n;
    return n;
  };
  const play::Waited waited = play::wait_until(lab.testbed(), [&] { return said() > times; });
  if (said() == times && waited.outcome == play::Waited::Outcome::quiet) return Verdict::yes();
  Evidence e;
  e.expected =
      fmt::format("it says {} {} in all", quote(news), times == 1 ? "once" : fmt::format("{} times", times));
  e.actual = waited.outcome == play::Waited::Outcome::spent ? waited.why : fmt::format("it says it {} times", said());
  e.lines.push_back("it has printed " + quote(jobs.printed()));
  return Verdict::no(std::move(e));
}

Verdict hears_the_hang_up(const Program& jobs) {
  return finds(jobs.is_gone(), "signal/hang-up-not-heard", "it lives on");
}

Verdict is_stopped_still(const Group& job) {
  // That nobody is left is a finding here too: whoever was stopped has been let go on, and has ended of what was sent.
  Verdict stopped = job.is_stopped();
  if (stopped.passed() || stopped.failed_by(Evidence::Kind::spent)) return stopped;
  Evidence e = stopped.evidence();
  e.kind = Evidence::Kind::differs;
  e.diagnoses = {"signal/more-than-was-asked"};
  return Verdict::no(std::move(e));
}

Verdict lives_on(Program& jobs) {
  if (Verdict alive = jobs.stays_alive(); !alive.passed()) return alive;
  if (!jobs.is_stopped_now()) return Verdict::yes();
  return Verdict::no("it lives on", "it is stopped");
}

BeforeCall::Whom launcher(const Program& jobs) {
  return [pid = jobs.pid()](pid_t who, long) { return who == pid; };
}
BeforeCall::Whom children_of(const Program& jobs) {
  return [pid = jobs.pid()](pid_t who, long) { return who != pid; };
}

std::function<bool()> said(const Program& jobs, const std::string& text) {
  return [jobs, text] { return jobs.printed().find(text) != std::string::npos; };
}

}  // namespace launching
