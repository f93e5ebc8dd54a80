#include "play/subject/program.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "see/calls.hpp"

namespace play {
void Program::type(const std::string& text) {
  testbed_->type(*started_, text);
}

void Program::close_input() {
  testbed_->close_input(*started_);
}

void Program::hang_up() {
  testbed_->note_act("hang up its terminal");
  started_->input.reset();
  started_->out.fd.reset();
}

void Program::leave_output() {
  started_->pumps_output = false;
  base::must(ioctl(started_->out.fd.get(), FIONREAD, &filling_), "FIONREAD");
}

void Program::take_output() {
  testbed_->note_act("take its output");
  while (filling_ > 0)
    filling_ -= static_cast<int>(base::read_some(started_->out.fd.get(), static_cast<size_t>(filling_)).size());
  started_->pumps_output = true;
}

std::optional<see::ObjectKey> Program::object_at(int fd) const {
  // Both ends of a pipe are one inode, so the check's end stands for the one it gave away.
  const base::Fd* given = fd == 0 ? &started_->input : fd == 1 ? &started_->out.fd : fd == 2 ? &started_->err.fd : nullptr;
  struct stat info {};
  if (given && *given && fstat(given->get(), &info) == 0) return see::ObjectKey{info.st_dev, info.st_ino};
  return Observed::object_at(fd);
}

Evidence Program::with_context(Evidence e) const {
  e.ending = started_->ending;
  e.shows_in_a_shell = true;
  // Of several the last one is told by the steps alone.
  const auto& all = testbed_->all_started();
  const auto of_this_name = [&](const Started& s) { return s.name == started_->name; };
  if (std::count_if(all.begin(), all.end(), of_this_name) > 1 && &*std::find_if(all.rbegin(), all.rend(), of_this_name) != started_)
    e.lines.push_back("it was started as: " + base::printable(base::shell_words(started_->argv)));
  if (!started_->err.text.empty()) e.lines.push_back("it wrote on standard error: " + base::quote(started_->err.text, 200));
  return e;
}

Verdict Program::refuse(std::string expected, std::string actual, std::vector<std::string> lines) const {
  // Whom the check holds makes plain what is too early.
  for (std::string& held : testbed_->story_of({}).lines) lines.push_back(std::move(held));
  return Verdict::no(with_context({std::move(expected), std::move(actual), std::move(lines)}));
}

Verdict Program::ends(const std::string& expected, const Ending& wanted, bool waits_for_all) {
  const Waited waited = wait_until(*testbed_, [&] { return started_->ending.has_value(); });
  if (!started_->ending) return Verdict::no(with_context(failed_wait(expected, waited)));
  const Ending& came = *started_->ending;
  if (came.status == wanted.status && came.by_signal == wanted.by_signal && !came.of_tracer) return Verdict::yes();
  Evidence e{expected, "it " + describe(came)};
  // A signal instead of an exit status may have any cause: a crash is no wrong status.
  if (came.by_signal && !wanted.by_signal) e.kind = Evidence::Kind::ended;
  if (!came.by_signal && waits_for_all) tell_who_is_left(e);
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::exits() {
  const std::string expected = "it ends by itself";
  const Waited waited = wait_until(*testbed_, [&] { return started_->ending.has_value(); });
  if (!started_->ending) return Verdict::no(with_context(failed_wait(expected, waited)));
  return started_->ending->by_signal ? refuse(expected, "it " + describe(*started_->ending)) : Verdict::yes();
}

Verdict Program::exits_with(int status) { return ends(fmt::format("it exits with {}", status), {status, false}, true); }
Verdict Program::exits_leaving_others(int status) { return ends(fmt::format("it exits with {}", status), {status, false}, false); }
Verdict Program::dies_of(int signal) { return ends("it is ended by " + see::signal_name(signal), {signal, true}, false); }

Verdict Program::stays_alive() {
  const Waited waited = wait_until(*testbed_, [&] { return started_->ending.has_value(); });
  if (waited.outcome == Waited::Outcome::quiet) return Verdict::yes();
  if (started_->ending) return refuse("it waits and stays alive", "it " + describe(*started_->ending));
  return Verdict::no(with_context(failed_wait("it waits and stays alive", waited)));
}

bool Program::is_not_executed_by(pid_t pid) const { return !testbed_->executes(pid, started_->name).value_or(true); }

Verdict Program::runs_only(const std::vector<std::string>& names) const {
  Evidence e;
  e.expected = fmt::format("{} and {} run here, and nothing else", name(), fmt::join(names, ", "));
  for (const see::Process& p : testbed_->family()) {
    const bool named = p.stat.name == name() || std::find(names.begin(), names.end(), p.stat.name) != names.end();
    if (!p.ended() && !(named && testbed_->executes(p.pid(), p.stat.name).value_or(true)))
      e.lines.push_back(fmt::format("{} {}: {}", base::escape(p.stat.name), p.status.inner_pid,
                                    base::quote(base::join(see::command_line_of(p.pid()), " "), 60)));
  }
  if (e.lines.empty()) return Verdict::yes();
  e.actual = "there is more";
  return Verdict::no(with_context(std::move(e)));
}

}  // namespace play
