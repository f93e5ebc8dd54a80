// Whom a program has left behind when it has ended: its session outlives it, and so do the zombies that nobody collects.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "play/subject/program.hpp"
#include "room/aftermath.hpp"

namespace play {
namespace {

std::string as_line(const see::Process& p) {
  const std::string who = fmt::format("{} {}   ", base::escape(p.stat.name), p.status.inner_pid);
  if (p.ended()) return who + "has ended, and nobody has waited for it (a zombie)";
  return who + (p.threads.empty() ? "runs" : see::what_it_does(p, p.threads.front()));
}

}  // namespace

// Those at the top alone: what stands below them was not the program's to wait for.
see::Family Program::orphans() const {
  see::Family left;
  const auto own = see::stat_of(started_->pid);
  if (!own) return left;
  const std::vector<pid_t> programs = testbed_->program_pids();
  const see::Family family = testbed_->family();
  for (const see::Process& p : family)
    if (p.stat.session == own->session && std::find(programs.begin(), programs.end(), p.pid()) == programs.end() &&
        see::find(family, p.stat.parent) == nullptr)
      left.push_back(p);
  return left;
}

bool Program::any_orphan_lives() const {
  const see::Family left = orphans();
  return std::any_of(left.begin(), left.end(), [](const see::Process& p) { return !p.ended(); });
}

void Program::tell_who_is_left(Evidence& e) const {
  if (orphans().empty()) return;
  wait_until(*testbed_, [&] { return !any_orphan_lives(); });  // as far as they come, whoever was faster
  const see::Family left = orphans();
  const auto lives = std::count_if(left.begin(), left.end(), [](const see::Process& p) { return !p.ended(); });
  e.actual += lives > 0 ? ", and what it had started still lives" : ", and had not waited for what it had started";
  for (const see::Process& p : left) e.lines.push_back(as_line(p));
  e.diagnoses.emplace_back("process/told-without-waiting");
}

// At a prompt the same words and the same status appear, whatever lives on behind them.
Verdict Program::only_here(Evidence e) const {
  e = with_context(std::move(e));
  e.shows_in_a_shell = false;
  return Verdict::no(std::move(e));
}

Verdict Program::ends_last() {
  const std::string expected = "it ends, and nothing that it started lives longer";
  const Waited ended = wait_until(*testbed_, [&] { return started_->ending.has_value(); });
  if (!started_->ending) return Verdict::no(with_context(failed_wait(expected, ended)));
  const Waited waited = wait_until(*testbed_, [&] { return !any_orphan_lives(); });
  if (!any_orphan_lives()) return Verdict::yes();
  Evidence e = failed_wait(expected, waited);
  e.kind = Evidence::Kind::differs;
  e.actual = fmt::format("it {}, and what it had started still lives", describe(*started_->ending));
  e.diagnoses.emplace_back("process/left-running");  // after what keeps them from their end
  return only_here(std::move(e));
}

Verdict Program::leaves_nothing_behind() {
  const std::string expected = "it leaves nothing behind";
  const Waited waited = wait_until(*testbed_, [&] { return started_->ending.has_value(); });
  if (!started_->ending) return Verdict::no(with_context(failed_wait(expected, waited)));
  const room::Aftermath left = room::aftermath(testbed_->room(), testbed_->program_pids(), testbed_->objects_before(), testbed_->met());
  if (left.clean()) return Verdict::yes();

  Evidence e;
  e.expected = expected;
  std::vector<std::string> kinds;
  const auto kind = [&](size_t n, const char* one, const char* many, const char* diagnosis) {
    if (n == 0) return;
    kinds.push_back(fmt::format("{} {}", n, n == 1 ? one : many));
    e.diagnoses.emplace_back(diagnosis);
  };
  kind(left.survivors.size(), "process that still lives", "processes that still live", "process/left-running");
  kind(left.zombies.size(), "ended process it never waited for", "ended processes it never waited for",
       "process/not-waited-for");
  kind(left.objects.size(), "IPC object", "IPC objects", "ipc/object-left");
  e.actual = "it ended and left " + base::join(kinds, " and ");
  for (const see::Process& p : left.survivors) e.lines.push_back(as_line(p));
  for (const see::Process& p : left.zombies) e.lines.push_back(as_line(p));
  for (const see::IpcObject& object : left.objects) e.lines.push_back(base::escape(see::describe(object)));
  return only_here(std::move(e));
}

}  // namespace play
