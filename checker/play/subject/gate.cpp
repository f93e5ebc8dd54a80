#include "play/subject/gate.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>
#include <vector>

#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::vector<pid_t> standing_at(const see::Family& family, const std::string& name) {
  std::vector<pid_t> standing;
  for (const see::Process& p : family) {
    if (p.stat.name != "gate" || p.threads.size() != 1 || p.stat.state != 'S') continue;
    const see::CallFacts* facts = see::facts_of(p.threads[0].call.number);
    const auto words = see::command_line_of(p.pid());
    if (facts && facts->on == see::On::opening && words.size() > 1 && words[1] == name) standing.push_back(p.pid());
  }
  return standing;
}

}  // namespace

Gate::Gate(Testbed& testbed, std::string name) : Observed(testbed), name_(std::move(name)) {
  base::must(mkfifo(path().c_str(), 0600), "mkfifo " + name_);
}

std::string Gate::path() const { return testbed_->room().gates() + "/" + name_; }

bool Gate::is_reached_in(const see::Family& family) {
  const std::vector<pid_t> standing = standing_at(family, name_);
  pid_ = standing.empty() ? 0 : standing.front();
  return pid_ != 0;
}

Verdict Gate::is_reached() {
  return comes_true(fmt::format("a process comes to {}", name()), [&] { return is_reached_in(testbed_->family()); });
}

Verdict Gate::is_reached_once() {
  if (Verdict reached = is_reached(); pid_ == 0) return reached;
  const Waited waited = wait_until(*testbed_, [&] { return standing_at(testbed_->family(), name_).size() > 1; });
  const std::string expected = fmt::format("exactly one process comes to {}", name());
  if (!waited) return waited.outcome == Waited::Outcome::quiet ? Verdict::yes() : Verdict::no(failed_wait(expected, waited));
  return Verdict::no(expected, "its command was started more than once", testbed_->story_of(testbed_->family()).lines);
}

void Gate::open() {
  if (open_if_there()) return;
  if (pid_ == 0) throw std::logic_error("nobody has come to " + name());
  throw Obstructed("the command lives until it has done its work", "it was ended while it stood at " + name());
}

bool Gate::open_if_there() {
  testbed_->note_act("open " + name());
  // Whoever comes next stands at a new FIFO: at this one it would slip through while our end is still open.
  const base::Fd old = base::open_file(path(), O_PATH);
  const std::string next = path() + ".next";
  base::must(mkfifo(next.c_str(), 0600), "mkfifo " + next);
  base::must(rename(next.c_str(), path().c_str()), "rename " + next);
  const base::Fd opened(::open(fmt::format("/proc/self/fd/{}", old.get()).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  if (!opened && errno != ENXIO) base::fail("open " + name());
  return static_cast<bool>(opened);
}

}  // namespace play
