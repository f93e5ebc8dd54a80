// Observed's verdicts on signals, as /proc/PID/status has them: one signal, or a whole set.
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "base/text.hpp"
#include "play/observed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::uint64_t set_of(const std::vector<int>& signals) {
  std::uint64_t set = 0;
  for (const int s : signals) set |= std::uint64_t{1} << (s - 1);
  return set;
}

std::string names_of(std::uint64_t set) {
  std::vector<std::string> names;
  for (int s = 1; s <= 64; ++s)
    if ((set >> (s - 1) & 1) != 0) names.push_back(see::signal_name(s));
  if (names.empty()) return "none";
  if (names.size() <= 8) return base::join(names, ", ");
  return fmt::format("{} signals, {} to {}", names.size(), names.front(), names.back());
}

std::uint64_t blocked_of(const see::Status& s) { return s.blocked; }
std::uint64_t pending_of(const see::Status& s) { return s.pending | s.shared_pending; }
std::uint64_t caught_of(const see::Status& s) { return s.caught; }

}  // namespace

Verdict Observed::in_set(const char* verb, int signal, std::uint64_t see::Status::*set) const {
  return comes_true(fmt::format("{} {} {}", name(), verb, see::signal_name(signal)), [&] {
    const auto status = see::status_of(pid());
    return status && ((*status).*set >> (signal - 1) & 1) != 0;
  });
}

Verdict Observed::catches(int signal) const { return in_set("catches", signal, &see::Status::caught); }
Verdict Observed::blocks(int signal) const { return in_set("blocks", signal, &see::Status::blocked); }
Verdict Observed::ignores(int signal) const { return in_set("ignores", signal, &see::Status::ignored); }

Verdict Observed::starts_clean(const std::vector<int>& at_their_default) const {
  // posix_spawn of the C library leaves these two ignored in the child: the program has no say in it.
  constexpr std::uint64_t librarys_own = std::uint64_t{3} << 31;
  const std::uint64_t looked_at = at_their_default.empty() ? ~std::uint64_t{0} : set_of(at_their_default);
  const auto status = see::status_of(pid());
  if (!status) throw std::logic_error("the signals of " + name() + ", which has gone");
  std::vector<std::string> found;
  for (const auto& [what, set] : {std::pair{"ignored", status->ignored & looked_at}, {"blocked", status->blocked}})
    for (int signal = 1; signal <= 64; ++signal)
      if ((set & ~librarys_own) >> (signal - 1) & 1) found.push_back(see::signal_name(signal) + " is " + what);
  if (found.empty()) return Verdict::yes();
  Evidence e;
  e.expected = at_their_default.empty() ? name() + " starts with no signal ignored and none blocked"
                                        : fmt::format("{} starts with no signal blocked, and ignores none of {}",
                                                      name(), names_of(looked_at));
  const size_t most = 6;
  e.actual =
      base::join({found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(most, found.size()))}, ", ");
  if (found.size() > most) e.actual += fmt::format(" and {} more", found.size() - most);
  return Verdict::no(with_stage(std::move(e)));
}

Verdict Observed::takes_by_default(int signal) const {
  Evidence e;
  e.expected = fmt::format("{} does what it does by default in {}", see::signal_name(signal), name());
  const auto status = see::status_of(pid());
  if (!status) e.actual = "that has ended";
  else if ((status->ignored >> (signal - 1) & 1) != 0) e.actual = "it is ignored there (SigIgn in /proc/PID/status)";
  else if ((status->blocked >> (signal - 1) & 1) != 0) e.actual = "it is blocked there (SigBlk in /proc/PID/status)";
  else if ((status->caught >> (signal - 1) & 1) != 0) e.actual = "it is caught there (SigCgt in /proc/PID/status)";
  return e.actual.empty() ? Verdict::yes() : Verdict::no(e);
}

Verdict Observed::has_pending(int signal) const {
  return comes_true(fmt::format("{} is pending for {}", see::signal_name(signal), name()), [&] {
    const auto status = see::status_of(pid());
    return status && ((status->pending | status->shared_pending) >> (signal - 1) & 1) != 0;
  });
}

// `looked_at` are the signals that matter; of these it must be exactly `wanted`.
Verdict Observed::set_is(const std::string& expected, std::uint64_t wanted, std::uint64_t looked_at,
                         std::uint64_t (*set)(const see::Status&)) const {
  std::uint64_t came = 0;
  bool there = false;
  const Waited waited = wait_until(*stage_, [&] {
    const auto status = see::status_of(pid());
    there = status && !state_is('Z');
    if (there) came = set(*status) & looked_at;
    return there && came == wanted;
  });
  if (waited) return Verdict::yes();
  Evidence e = unmet(expected, waited);
  if (e.kind == Evidence::Kind::spent || !there) return Verdict::no(std::move(e));
  e.kind = Evidence::Kind::differs;
  e.diagnoses.clear();
  std::vector<std::string> parts;
  if (came == 0 && wanted != 0) parts.emplace_back("there is none");
  else if ((wanted & ~came) != 0) parts.push_back(names_of(wanted & ~came) + " is missing");
  if ((came & ~wanted) != 0) parts.push_back("there is " + names_of(came & ~wanted) + " too many");
  e.actual = base::join(parts, ", and ");
  return Verdict::no(std::move(e));
}

Verdict Observed::blocks_only(const std::vector<int>& signals) const {
  const std::uint64_t set = set_of(signals);
  const std::string expected = fmt::format("{} blocks exactly {} (SigBlk in /proc/PID/status)", name(), names_of(set));
  return set_is(expected, set, ~std::uint64_t{0}, blocked_of);
}

Verdict Observed::has_pending_only(const std::vector<int>& signals) const {
  const std::uint64_t set = set_of(signals);
  const std::string expected = fmt::format("exactly these are pending for {}: {} (ShdPnd)", name(), names_of(set));
  return set_is(expected, set, ~std::uint64_t{0}, pending_of);
}

Verdict Observed::catches_none_of(const std::vector<int>& signals) const {
  const std::uint64_t set = set_of(signals);
  return set_is(fmt::format("{} has no handler (SigCgt) for any of {}", name(), names_of(set)), 0, set, caught_of);
}

}  // namespace play
