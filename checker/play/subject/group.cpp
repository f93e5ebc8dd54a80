#include "play/subject/group.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <stdexcept>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::string label(const see::Process& p) { return fmt::format("{} {}", base::escape(p.stat.name), p.status.inner_pid); }

bool stopped(const see::Process& p) { return p.stat.state == 'T' || p.stat.state == 't'; }

std::string described(const see::Process& p, const std::string& held) {
  std::string does = !held.empty()       ? held
                     : p.ended()         ? "has ended"
                     : stopped(p)        ? "is stopped"
                     : p.threads.empty() ? "runs"
                                         : see::what_it_does(p, p.threads.front());
  if (!p.ended() && p.stat.terminal != 0) does += p.stat.group == p.stat.foreground_group ? ", in front" : ", behind";
  return fmt::format("{}   in group {}, {}", label(p), p.status.inner_group, does);
}

// Where it matters who is in the group, nobody is an answer as well.
Verdict empty_is_a_finding(Verdict verdict) {
  if (!verdict.failed_by(Evidence::Kind::ended)) return verdict;
  Evidence e = verdict.evidence();
  e.kind = Evidence::Kind::differs;
  return Verdict::no(std::move(e));
}

}  // namespace

std::string Group::label() const { return fmt::format("{}, group {},", name_, inside_); }

std::vector<see::Process> Group::members() const {
  std::vector<see::Process> found = testbed_->family_and_held();
  std::erase_if(found, [&](const see::Process& p) { return p.ended() || p.status.inner_group != inside_; });
  return found;
}

bool Group::all(const std::function<bool(const see::Process&)>& is_so) const {
  const auto found = members();
  return !found.empty() && std::all_of(found.begin(), found.end(), is_so);
}

Verdict Group::comes_true(const std::string& expected, const std::string& actual,
                          const std::function<bool()>& condition) const {
  const Waited waited = wait_until(*testbed_, condition);
  if (waited) return Verdict::yes();
  Evidence e;
  e.expected = expected;
  const auto found = members();
  e.actual = found.empty() ? fmt::format("no process is in group {}", inside_) : actual;
  for (const see::Process& p : testbed_->family_and_held()) e.lines.push_back(described(p, testbed_->held(p.pid())));
  if (found.empty()) e.kind = Evidence::Kind::ended;
  if (waited.outcome == Waited::Outcome::spent) e.kind = Evidence::Kind::spent, e.actual = waited.why;
  return Verdict::no(std::move(e));
}

Verdict Group::is_announced_by(Program& program, const std::string& before) {
  if (Verdict said = program.prints(before); !said.passed()) return said;
  const auto rest = [&] { return program.unread(); };
  const Waited waited = wait_until(*testbed_, [&] { return rest().find('\n') != std::string::npos; });
  const std::string line = rest().substr(0, rest().find('\n'));
  const bool number =
      waited && !line.empty() && line.size() < 10 && line.find_first_not_of("0123456789") == std::string::npos;
  if (!number)
    return Verdict::no(fmt::format("after {} it prints the number of the process group", base::quote(before)), "it printed " + base::quote(line));
  inside_ = {static_cast<pid_t>(std::atoi(line.c_str()))};
  return program.prints(line + "\n");
}

Verdict Group::has_every_child_of(const Observed& program) const {
  Evidence e;
  e.expected = fmt::format("when {} is announced, every process of it is in group {}", name_, inside_);
  size_t outside = 0;
  // Not the family: whoever is held before a call counts too.
  for (const pid_t pid : see::children_of(program.pid())) {
    const auto stat = see::stat_of(pid);
    const auto status = see::status_of(pid);
    if (!stat || !status) continue;
    const std::string held = testbed_->held(pid);
    e.lines.push_back(fmt::format("{} {}   in group {}{}", base::escape(stat->name), status->inner_pid,
                                  status->inner_group, held.empty() ? "" : ", " + held));
    if (status->inner_group != inside_) ++outside;
  }
  if (!e.lines.empty() && outside == 0) return Verdict::yes();
  e.actual = e.lines.empty() ? "it has no process" : outside == 1 ? "one is not" : fmt::format("{} are not", outside);
  return Verdict::no(std::move(e));
}

Verdict Group::has_members(std::vector<std::string> names) const {
  std::sort(names.begin(), names.end());
  const auto those_are = [&] {
    std::vector<std::string> inside;
    for (const see::Process& p : members()) inside.push_back(p.stat.name);
    std::sort(inside.begin(), inside.end());
    return inside == names;
  };
  return empty_is_a_finding(
      comes_true(fmt::format("{} is {}, and nobody else", label(), fmt::join(names, ", ")), "it is not so", those_are));
}

Verdict Group::is_stopped() const {
  return comes_true("all of " + label() + " is stopped", "it is not", [&] { return all(stopped); });
}

Verdict Group::goes_on() const {
  return comes_true("all of " + label() + " runs", "not all of it does",
                    [&] { return all([](const see::Process& p) { return !stopped(p); }); });
}

Verdict Group::is_in_front() const {
  return comes_true(label() + " has the terminal", "it has not", [&] {
    return all([](const see::Process& p) { return p.stat.terminal != 0 && p.stat.group == p.stat.foreground_group; });
  });
}

Verdict Group::is_behind() const {
  return comes_true(label() + " does not have the terminal", "it has",
                    [&] { return all([](const see::Process& p) { return p.stat.group != p.stat.foreground_group; }); });
}

Verdict Group::has_pending(int signal) const {
  Verdict verdict = comes_true(fmt::format("{} is pending for every process of {}", see::signal_name(signal), name_),
                               "it is not", [&] {
                                 return all([&](const see::Process& p) {
                                   return ((p.status.pending | p.status.shared_pending) >> (signal - 1) & 1) != 0;
                                 });
                               });
  return empty_is_a_finding(std::move(verdict));
}

Verdict Group::is_gone() const {
  return comes_true(name_ + " has ended", "it lives", [&] { return members().empty(); });
}

void Group::send(int signal) const {
  const auto found = members();
  if (found.empty()) throw Obstructed(name_ + " is there, and a signal can be sent to it", "no process is in it");
  testbed_->note_act(fmt::format("send {} to {}", see::signal_name(signal), name_));
  if (kill(-found.front().stat.group, signal) < 0 && errno != ESRCH) base::fail("kill");
}

}  // namespace play
