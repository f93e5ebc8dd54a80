#include "play/program.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "room/aftermath.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::string shown(const Output& output) { return output.text.empty() ? "nothing" : base::quote(output.text); }

int lines_with(const std::string& text, const std::string& part) {
  int times = 0;
  for (const std::string& line : base::split(text, '\n')) times += line.find(part) != std::string::npos;
  return times;
}

}  // namespace

void Program::type(const std::string& text) {
  stage_->note("type " + base::quote(text, 60));
  actor_->type(text);
}

void Program::close_input() {
  stage_->note("close its input");
  actor_->close_input();
}

void Program::hang_up() {
  stage_->note("hang up its terminal");
  actor_->input.reset();
  actor_->out.fd.reset();
}

void Program::leave_output() {
  actor_->pumps_output = false;
  base::must(ioctl(actor_->out.fd.get(), FIONREAD, &filling_), "FIONREAD");
}

void Program::take_output() {
  stage_->note("take its output");
  while (filling_ > 0)
    filling_ -= static_cast<int>(base::read_some(actor_->out.fd.get(), static_cast<size_t>(filling_)).size());
  actor_->pumps_output = true;
}

std::optional<see::ObjectKey> Program::object_at(int fd) const {
  // Both ends of a pipe are one inode, so the check's end stands for the one it gave away.
  const base::Fd* given = fd == 0 ? &actor_->input : fd == 1 ? &actor_->out.fd : fd == 2 ? &actor_->err.fd : nullptr;
  struct stat info {};
  if (given && *given && fstat(given->get(), &info) == 0) return see::ObjectKey{info.st_dev, info.st_ino};
  return Observed::object_at(fd);
}

Evidence Program::with_context(Evidence e) const {
  e.by_hand = stage_->by_hand(*actor_);
  if (!actor_->err.text.empty()) e.lines.push_back("it wrote on standard error: " + base::quote(actor_->err.text, 200));
  return e;
}

Verdict Program::refuse(std::string expected, std::string actual, std::vector<std::string> lines) const {
  // Whom the check holds makes plain what is too early.
  for (std::string& held : stage_->tell({}).lines) lines.push_back(std::move(held));
  return Verdict::no(with_context({std::move(expected), std::move(actual), std::move(lines), {}, {}, {}}));
}

Verdict Program::unmet_output(const std::string& expected, const Waited& waited, const Output& output) const {
  if (actor_->ending) {
    Evidence e{expected, fmt::format("it {}, and had printed {}", describe(*actor_->ending), shown(output)),
               {},       {},
               {},       Evidence::Kind::ended};
    return Verdict::no(with_context(std::move(e)));
  }
  Evidence e = unmet(expected, waited);
  e.lines.push_back("it has printed " + shown(output));
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::prints(const std::string& text) {
  size_t found = std::string::npos;
  const Waited waited = wait_until(*stage_, [&] {
    found = actor_->out.text.find(text, actor_->out.looked_at);
    return found != std::string::npos || (actor_->ending && actor_->out.at_end());
  });
  if (found == std::string::npos) return unmet_output("it prints " + base::quote(text), waited, actor_->out);
  actor_->out.looked_at = found + text.size();
  return Verdict::yes();
}

Verdict Program::prints_next(const std::string& text) {
  const std::string expected = "the next it prints is " + base::quote(text);
  Output& out = actor_->out;
  const auto came = [&] { return out.unread().substr(0, text.size()); };
  const auto parted = [&] { return !std::string_view(text).starts_with(came()); };
  const Waited waited =
      wait_until(*stage_, [&] { return came() == text || parted() || (actor_->ending && out.at_end()); });
  if (came() == text) {
    out.looked_at += text.size();
    return Verdict::yes();
  }
  if (!parted()) return unmet_output(expected, waited, out);
  // All that comes is told, not only as much as had come when it parted.
  wait_until(*stage_, [&] { return actor_->ending && out.at_end(); });
  return refuse(expected, base::first_difference(text, out.unread()), {"it printed " + base::quote(out.unread(), 400)});
}

Verdict Program::prints_only(const std::string& text) {
  const std::string expected = text.empty() ? "it prints nothing" : "it prints only " + base::quote(text);
  Output& out = actor_->out;
  const Waited waited = wait_until(
      *stage_, [&] { return !std::string_view(text).starts_with(out.unread()) || (actor_->ending && out.at_end()); });
  const std::string_view unread = out.unread();
  if (unread == text && waited.outcome != Waited::Outcome::spent) {
    out.looked_at = out.text.size();
    return Verdict::yes();
  }
  const std::string difference =
      text.empty() && !unread.empty() ? "it printed " + base::quote(unread) : base::first_difference(text, unread);
  if (waited || actor_->ending)
    return refuse(expected, unread.empty() && actor_->ending
                                ? fmt::format("it {} and printed nothing", describe(*actor_->ending))
                                : difference);
  Evidence e = unmet(expected, waited);
  e.lines.push_back("of its output, " + difference);
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::prints_in_any_order(const std::vector<std::string>& lines) {
  Output& out = actor_->out;
  const auto newlines = [&] { return static_cast<size_t>(std::count(out.unread().begin(), out.unread().end(), '\n')); };
  const std::string expected =
      "the next lines it prints are, in any order, " + base::quote(base::join(lines, ", "), 200);
  const Waited waited =
      wait_until(*stage_, [&] { return newlines() >= lines.size() || (actor_->ending && out.at_end()); });
  if (newlines() < lines.size()) return unmet_output(expected, waited, out);
  std::vector<std::string> came = base::split(out.unread(), '\n');
  came.resize(lines.size());
  size_t bytes = 0;
  for (const std::string& line : came) bytes += line.size() + 1;
  std::vector<std::string> left = came;
  for (const std::string& line : lines) {
    const std::vector<std::string> either = base::split(line, '|');
    const auto found = std::find_first_of(left.begin(), left.end(), either.begin(), either.end());
    if (found == left.end()) return refuse(expected, "they are " + base::quote(base::join(came, ", "), 200));
    left.erase(found);
  }
  out.looked_at += bytes;
  return Verdict::yes();
}

Verdict Program::prints_nothing_more() {
  const std::string expected = "it prints nothing more";
  const Waited waited = wait_until(*stage_, [&] {
    return actor_->out.looked_at < actor_->out.text.size() || (actor_->ending && actor_->out.at_end());
  });
  const std::string_view unread = actor_->out.unread();
  if (!unread.empty()) return refuse(expected, "it printed " + base::quote(unread));
  return waited.outcome == Waited::Outcome::spent ? Verdict::no(with_context(unmet(expected, waited))) : Verdict::yes();
}

Verdict Program::complains(const std::string& text) {
  const Waited waited = wait_until(*stage_, [&] {
    return actor_->err.text.find(text) != std::string::npos || (actor_->ending && actor_->err.at_end());
  });
  if (actor_->err.text.find(text) != std::string::npos) return Verdict::yes();
  const std::string expected = "it writes " + base::quote(text) + " on standard error";
  if (actor_->ending)
    return refuse(expected,
                  fmt::format("it {}, and had written {} there", describe(*actor_->ending), shown(actor_->err)));
  return Verdict::no(with_context(unmet(expected, waited)));
}

Verdict Program::complains_times(const std::string& text, int times) {
  if (const Verdict there = complains(text); !there.holds()) return there;
  const Waited ended = wait_until(*stage_, [&] { return actor_->ending && actor_->err.at_end(); });
  const int found = lines_with(actor_->err.text, text);
  if (ended && found == times) return Verdict::yes();
  const std::string expected = fmt::format("it writes {} on standard error {}", base::quote(text),
                                           times == 1 ? "once" : fmt::format("{} times", times));
  if (!ended) return Verdict::no(with_context(unmet(expected, ended)));
  return refuse(expected, fmt::format("it did so {} times", found));
}

Verdict Program::complains_of_nothing() {
  const Waited ended = wait_until(*stage_, [&] { return actor_->ending && actor_->err.at_end(); });
  if (!actor_->err.text.empty()) return refuse("it writes nothing on standard error", "it did");
  return ended.outcome == Waited::Outcome::spent
             ? Verdict::no(with_context(unmet("it writes nothing on standard error and ends", ended)))
             : Verdict::yes();
}

Verdict Program::ends(const std::string& expected, const Ending& wanted) {
  const Waited waited = wait_until(*stage_, [&] { return actor_->ending.has_value(); });
  if (!actor_->ending) return Verdict::no(with_context(unmet(expected, waited)));
  const Ending& came = *actor_->ending;
  if (came.status == wanted.status && came.by_signal == wanted.by_signal) return Verdict::yes();
  Evidence e{expected, "it " + describe(came), {}, {}, {}, {}};
  // A signal instead of an exit status may have any cause: a crash is no wrong status.
  if (came.by_signal && !wanted.by_signal) e.kind = Evidence::Kind::ended;
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::exits() {
  const std::string expected = "it ends by itself";
  const Waited waited = wait_until(*stage_, [&] { return actor_->ending.has_value(); });
  if (!actor_->ending) return Verdict::no(with_context(unmet(expected, waited)));
  return actor_->ending->by_signal ? refuse(expected, "it " + describe(*actor_->ending)) : Verdict::yes();
}

Verdict Program::exits_with(int status) { return ends(fmt::format("it exits with {}", status), {status, false}); }
Verdict Program::dies_of(int signal) { return ends("it is ended by " + see::signal_name(signal), {signal, true}); }

Verdict Program::stays_alive() {
  const Waited waited = wait_until(*stage_, [&] { return actor_->ending.has_value(); });
  if (waited.outcome == Waited::Outcome::quiet) return Verdict::yes();
  if (actor_->ending) return refuse("it waits and stays alive", "it " + describe(*actor_->ending));
  return Verdict::no(with_context(unmet("it waits and stays alive", waited)));
}

Verdict Program::runs_only(const std::vector<std::string>& names) const {
  Evidence e;
  e.expected = fmt::format("{} and {} run here, and nothing else", name(), fmt::join(names, ", "));
  for (const see::Process& p : stage_->family()) {
    const bool wanted = p.stat.name == name() || std::find(names.begin(), names.end(), p.stat.name) != names.end();
    if (!p.ended() && !wanted)
      e.lines.push_back(fmt::format("{} {}: {}", base::escape(p.stat.name), p.status.inner_pid,
                                    base::quote(base::join(see::command_line_of(p.pid()), " "), 60)));
  }
  if (e.lines.empty()) return Verdict::yes();
  e.actual = "there is more";
  return Verdict::no(with_context(std::move(e)));
}

Verdict Program::leaves_nothing_behind() {
  const std::string expected = "it leaves nothing behind";
  const Waited waited = wait_until(*stage_, [&] { return actor_->ending.has_value(); });
  if (!actor_->ending) return Verdict::no(with_context(unmet(expected, waited)));
  const room::Aftermath left = room::aftermath(stage_->room(), stage_->program_pids(), stage_->objects_before());
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
  for (const see::Process& p : left.survivors)
    e.lines.push_back(fmt::format("{} {}   {}", base::escape(p.stat.name), p.status.inner_pid,
                                  p.threads.empty() ? "runs" : see::what_it_does(p, p.threads.front())));
  for (const see::Process& p : left.zombies)
    e.lines.push_back(fmt::format("{} {}   has ended, and nobody has waited for it (a zombie)",
                                  base::escape(p.stat.name), p.status.inner_pid));
  for (const see::IpcObject& object : left.objects) e.lines.push_back(base::escape(see::describe(object)));
  return Verdict::no(with_context(std::move(e)));
}

}  // namespace play
