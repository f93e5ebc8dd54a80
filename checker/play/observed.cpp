#include "play/observed.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "see/blocked.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::string describe(const see::Descriptor& d) {
  std::string what = d.target.starts_with("pipe:") ? "a pipe" : base::escape(d.target);
  if (d.target.starts_with("pipe:")) what = std::string(d.writable() ? "the write" : "the read") + " end of a pipe";
  return fmt::format("fd {} ({})", d.fd, what);
}

}  // namespace

Evidence Observed::unmet(const std::string& expected, const Waited& waited) const {
  Evidence e;
  e.expected = expected;
  const see::Story story = stage_->tell(waited.family);
  e.lines = story.lines;
  e.diagnoses = story.diagnoses;
  if (waited.outcome == Waited::Outcome::spent) e.actual = waited.why;
  else if (story.waits_for_check) e.actual = "it waits for something that this check has not given";
  else e.actual = "it is stuck: nothing here can ever wake it";
  if (waited.outcome == Waited::Outcome::spent) e.diagnoses.clear();  // it moves: who holds what proves nothing yet
  return e;
}

Verdict Observed::comes_true(const std::string& expected, const std::function<bool()>& condition) const {
  const Waited waited = wait_until(*stage_, condition);
  return waited ? Verdict::yes() : Verdict::no(unmet(expected, waited));
}

Verdict Observed::blocks_in(const std::string& call, int fd) const {
  const std::string where = fd < 0 ? call : fmt::format("{}({})", call, fd);
  return comes_true(fmt::format("{} blocks in {}", name(), where), [&] {
    for (const pid_t tid : see::threads_of(pid())) {
      const auto stat = see::stat_of(pid(), tid);
      const see::Call now = see::call_of(pid(), tid);
      if (stat && stat->state == 'S' && now.known == see::Call::Known::yes && see::name_of(now.number) == call &&
          (fd < 0 || static_cast<int>(now.args[0]) == fd))
        return true;
    }
    return false;
  });
}

Verdict Observed::keeps_open(const std::vector<int>& fds) const {
  Evidence e;
  e.expected = fmt::format("{} has exactly descriptors {} open", name(), fmt::join(fds, ", "));
  std::vector<std::string> extra;
  std::vector<int> open;
  for (const see::Descriptor& d : see::descriptors_of(pid())) {
    open.push_back(d.fd);
    if (std::find(fds.begin(), fds.end(), d.fd) != fds.end()) continue;
    extra.push_back(describe(d));
    if (d.target.starts_with("pipe:") && e.diagnoses.empty()) e.diagnoses.emplace_back("pipe/end-leaked-to-a-stage");
  }
  for (const int fd : fds)
    if (std::find(open.begin(), open.end(), fd) == open.end()) {
      e.actual = fmt::format("fd {} is closed", fd);
      return Verdict::no(e);
    }
  if (extra.empty()) return Verdict::yes();
  e.actual = "it also has " + base::join(extra, ", ");
  return Verdict::no(e);
}

Verdict Observed::in_set(const char* verb, int signal, std::uint64_t see::Status::*set) const {
  return comes_true(fmt::format("{} {} {}", name(), verb, see::signal_name(signal)), [&] {
    const auto status = see::status_of(pid());
    return status && ((*status).*set >> (signal - 1) & 1) != 0;
  });
}

Verdict Observed::catches(int signal) const { return in_set("catches", signal, &see::Status::caught); }
Verdict Observed::blocks(int signal) const { return in_set("blocks", signal, &see::Status::blocked); }
Verdict Observed::ignores(int signal) const { return in_set("ignores", signal, &see::Status::ignored); }

Verdict Observed::is_stopped() const {
  return comes_true(name() + " is stopped", [&] {
    const auto stat = see::stat_of(pid());
    return stat && stat->state == 'T';
  });
}

Verdict Observed::is_in_foreground() const {
  return comes_true(name() + "'s process group is the terminal's foreground group", [&] {
    const auto stat = see::stat_of(pid());
    return stat && stat->terminal != 0 && stat->group == stat->foreground_group;
  });
}

}  // namespace play
