// Observed's verdicts on whole sets of signals, as /proc/PID/status has them: exactly these, or none of these.
#include <fmt/format.h>

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
