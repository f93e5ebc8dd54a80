#include "words.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.hpp"

namespace launching {

using play::Evidence;

namespace {

// For what the kernel has shown already: that it has not come is a finding, whatever everyone waits for now.
Verdict finds(Verdict verdict, const std::string& diagnosis, const std::string& actual) {
  return std::move(verdict).is_a_finding(actual).means(diagnosis);
}

// The line that it is printing.
std::string line_of(const Program& jobs) {
  const std::string unread = jobs.unread();
  return unread.substr(0, unread.find('\n'));
}

bool is_a_shell(const play::Seen& process) {
  const std::vector<std::string> shells{"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "fish", "busybox"};
  return std::find(shells.begin(), shells.end(), process.name) != shells.end();
}

bool asks_for_the_terminal(pid_t pid) { return play::is_stopped_in(pid, SYS_ioctl, TIOCSPGRP); }

}  // namespace

std::pair<std::string, std::string> drawn_word() {
  std::pair<std::string, std::string> word;
  for (int i = 0; i < 8; ++i) {
    const auto letter = static_cast<char>(lab.dice()() % 26);
    word.first += static_cast<char>('a' + letter);
    word.second += static_cast<char>('A' + letter);
  }
  return word;
}

std::vector<int> drawn_from(std::vector<int> signals, size_t how_many) {
  for (size_t i = 0; i < how_many; ++i) std::swap(signals[i], signals[i + lab.dice()() % (signals.size() - i)]);
  signals.resize(how_many);
  return signals;
}

std::string drawn_name(int signal) {
  const std::string name = play::signal_name(signal);
  const auto way = lab.dice()() % 3;
  return way == 0 ? name : way == 1 ? name.substr(3) : std::to_string(signal);
}

room::Order errors_to(const std::string& file) {
  return play::inheriting([file] {
    const Fd fd = open_file(file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    must(dup2(fd.get(), 2), "dup2");
  });
}

room::Order without_processes(room::Order order) {
  return play::inheriting([] {
    play::seccomp::Filter filter;
    for (const long call : {
#ifdef SYS_fork
             long{SYS_fork}, long{SYS_vfork},
#endif
             long{SYS_clone}, long{SYS_clone3}})
      filter.refuse(call, EAGAIN);
    filter.install();
  }, std::move(order));
}

Verdict complaints_come_to(const std::string& file, long wanted, const std::string& which) {
  const auto lines = [&] {
    const std::string all = read_file(file);
    return std::count(all.begin(), all.end(), '\n');
  };
  const play::Waited waited = play::wait_until(lab.testbed(), [&] { return lines() >= wanted; });
  if (waited) return Verdict::yes();
  Evidence e = play::finding(lab.testbed(), "it says on standard error, in a line each: " + which, fmt::format("it has written {} lines", lines()), waited);
  e.lines.insert(e.lines.begin(), "on standard error: " + quote(read_file(file), 200));
  return Verdict::no(std::move(e));
}

Verdict is_started_by(Program& jobs, const play::Gate& command) {
  Verdict own = command.is_child_of(jobs);
  if (own.passed()) return own;
  for (const play::Seen& child : play::children_of(jobs.pid())) {
    if (is_a_shell(child)) return std::move(own).is_caused_by("process/shell-between");
    for (const play::Seen& below : play::children_of(child.pid))
      if (is_a_shell(below)) return std::move(own).is_caused_by("process/shell-between");  // system(3) in the child
  }
  return own;
}

BeforeCall::Whom notes_shells(const Program& jobs, std::vector<std::string>& found) {
  return [pid = jobs.pid(), &found](pid_t who, long) {
    for (const play::Seen& child : play::children_of(pid))
      if (child.pid == who && is_a_shell(child)) found.push_back(fmt::format("{} {}   is a shell", child.name, child.inside));
    return false;
  };
}

Verdict has_no_shell_between(const std::vector<std::string>& found) {
  if (found.empty()) return Verdict::yes();
  return Verdict::no("it becomes its command itself", "a shell did", first_of(found, 3)).is_explained_by("process/shell-between");
}

bool is_in_its_own_group_of(const Program& jobs, const play::Gate& command) { return getpgid(command.pid()) != getpgid(jobs.pid()); }

Verdict explained(const Program& jobs, Verdict verdict) {
  if (verdict.passed()) return verdict;
  for (const play::Seen& child : play::children_of(jobs.pid()))
    if (!child.ended && !play::shares_session(child.pid, jobs.pid())) return std::move(verdict).is_caused_by("process/session-of-its-own");
  for (const play::Seen& child : play::children_of(jobs.pid()))
    if (asks_for_the_terminal(child.pid)) return std::move(verdict).is_caused_by("terminal/asked-from-behind");
  if (asks_for_the_terminal(jobs.pid())) return std::move(verdict).is_caused_by("terminal/asked-from-behind");
  // setpgid(2) says EACCES for a child that has become another program: it had done it itself, or is too late to be helped.
  if (jobs.has_ended() && jobs.printed().find(strerror(EACCES)) != std::string::npos) return std::move(verdict).is_caused_by("process/exec-was-faster");
  // The kernel collects them by itself: a group is gone with its leader, and nobody hears how it ended (sigaction(2)).
  if (!jobs.has_ended() && jobs.ignores(SIGCHLD).passed()) return std::move(verdict).is_caused_by("signal/sigchld-ignored");
  return verdict;
}

Verdict goes_on_with(Program& jobs, const std::string& news) {
  play::wait_until(lab.testbed(), [&] { return jobs.unread().find('\n') != std::string::npos; });
  const std::string line = line_of(jobs);
  if (line == news) return jobs.prints(news + "\n");
  return Verdict::no(fmt::format("it says {} of the job", quote(news)), "it says " + quote(line));
}

bool takes_the_word_for_the_status(const Program& jobs, int status) {
  const std::string line = line_of(jobs);
  return line.starts_with("killed ") || (status != 0 && line == fmt::format("done {}", status << 8));
}

bool says_done(const Program& jobs) { return line_of(jobs).starts_with("done "); }

Verdict keeps_silent(const Program& jobs, const std::string& news, const std::string& expected) {
  const auto is_said = [&] { return jobs.unread().find(news) != std::string::npos; };
  if (!play::wait_until_rest(lab.testbed(), is_said)) return Verdict::yes();
  Evidence e;
  e.expected = expected;
  const std::string unread = jobs.unread();
  const size_t at = unread.find(news);
  e.actual = "it says " + quote(unread.substr(at, unread.find('\n', at) - at));
  e.lines = lab.testbed().story_of(lab.testbed().family()).lines;
  e.lines.insert(e.lines.begin(), "it has printed " + quote_end(jobs.printed()));
  return Verdict::no(std::move(e));
}

Verdict is_in_front_still(const Group& job) {
  play::let_all_come_to_rest(lab.testbed());
  return job.is_in_front();
}

Verdict notices(Program& jobs, const std::string& news, const std::string& otherwise) {
  Verdict told = jobs.prints(news);
  const std::string unread = jobs.unread();
  const std::string head = news.substr(0, news.find(" SIG"));  // "[1] stopped"
  if (const size_t at = unread.find(head); !told.passed() && at != std::string::npos)
    return Verdict::no(fmt::format("it says {} of the job", quote(news.substr(0, news.find('\n')))), "it says " + quote(unread.substr(at, unread.find('\n', at) - at)))
        .hints("WSTOPSIG() of its status word says which signal has stopped it.");
  return finds(std::move(told), otherwise, fmt::format("all of the job that lives is stopped, and {} is missing", quote(news)));
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
  Verdict again = jobs.is_in_foreground();
  if (Verdict why = explained(jobs, again); !why.passed() && why.evidence().diagnoses != again.evidence().diagnoses)
    return why;
  return finds(std::move(again), "terminal/not-taken-back", "another one is, and no process of it can read");
}

Verdict has_waited_for_all_at_once(const Program& jobs) {
  Verdict none = jobs.has_no_zombies();
  return std::move(none).is_caused_by("process/ends-merged");
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
  static_cast<void>(play::wait_until_rest(lab.testbed(), [&] { return said() > times; }));
  if (said() == times) return Verdict::yes();
  Evidence e;
  e.expected =
      fmt::format("it says {} {} in all", quote(news), times == 1 ? "once" : fmt::format("{} times", times));
  e.actual = fmt::format("it says it {} times", said());
  e.lines.push_back("it has printed " + quote_end(jobs.printed()));
  return Verdict::no(std::move(e));
}

Verdict unless_it_waits(const Program& jobs, Verdict ended) {
  if (ended.passed() || ended.failed_by(Evidence::Kind::ended)) return ended;
  const bool waits = jobs.blocks_in("wait").passed() || jobs.blocks_in("waitid").passed();
  return std::move(ended).is_caused_by("process/waits-at-its-end", waits);
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
  static_cast<void>(play::wait_until_rest(lab.testbed(), [&] { return jobs.has_ended() || jobs.is_stopped_now(); }));
  if (jobs.has_ended()) return jobs.stays_alive();
  return jobs.is_stopped_now() ? Verdict::no("it lives on", "it is stopped") : Verdict::yes();
}

Verdict is_spared(Program& jobs) {
  Verdict lives = lives_on(jobs);
  return asks_for_the_terminal(jobs.pid()) ? Verdict::yes() : std::move(lives);
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
