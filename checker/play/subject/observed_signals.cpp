// Observed's verdicts on signals, as /proc/PID/status has them: one signal, or a whole set.
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

#include "base/text.hpp"
#include "play/subject/observed.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::uint64_t set_of(const std::vector<int>& signals) {
  std::uint64_t set = 0;
  for (const int s : signals) set |= std::uint64_t{1} << (s - 1);
  return set;
}

std::vector<std::string> names_in(std::uint64_t set) {
  std::vector<std::string> names;
  for (int s = 1; s <= 64; ++s)
    if ((set >> (s - 1) & 1) != 0) names.push_back(see::signal_name(s));
  return names;
}

std::string names_of(std::uint64_t set) {
  const std::vector<std::string> names = names_in(set);
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
  if (!status) throw Obstructed(name() + " is there to be looked at", "it has gone");
  std::vector<std::string> found;
  for (const auto& [what, set] : {std::pair{"ignored", status->ignored & looked_at}, {"blocked", status->blocked}})
    for (int signal = 1; signal <= 64; ++signal)
      if ((set & ~librarys_own) >> (signal - 1) & 1) found.push_back(see::signal_name(signal) + " is " + what);
  if (found.empty()) return Verdict::yes();
  Evidence e;
  e.expected = at_their_default.empty() ? name() + " starts with no signal ignored and none blocked"
                                        : fmt::format("{} starts with no signal blocked, and ignores none of {}",
                                                      name(), names_of(looked_at));
  e.actual = base::join(base::first_of(found, 6), ", ");
  e.too_many = std::move(found);
  return Verdict::no(with_context(std::move(e)));
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
  const Waited waited = wait_until(*testbed_, [&] {
    const auto status = see::status_of(pid());
    there = status && !state_is('Z');
    if (there) came = set(*status) & looked_at;
    return there && came == wanted;
  });
  if (waited) return Verdict::yes();
  Evidence e = failed_wait(expected, waited);
  if (e.kind == Evidence::Kind::spent || !there) return Verdict::no(std::move(e));
  e.kind = Evidence::Kind::differs;
  e.diagnoses.clear();
  e.missing = names_in(wanted & ~came);
  e.too_many = names_in(came & ~wanted);
  std::vector<std::string> parts;
  if (came == 0 && wanted != 0) parts.emplace_back("there is none");
  else if (!e.missing.empty()) parts.push_back(names_of(wanted & ~came) + " is missing");
  if (!e.too_many.empty()) parts.push_back("there is " + names_of(came & ~wanted) + " too many");
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

bool Observed::waits_for_a_signal() const {
  const see::Call call = see::call_of(pid(), pid());
  const see::CallFacts* facts = call.known == see::Call::Known::yes ? see::facts_of(call.number) : nullptr;
  if (!facts || facts->on != see::On::reading) return facts && facts->on == see::On::signal;
  const auto read_from = see::descriptor_of(pid(), static_cast<int>(call.args[0]));
  return read_from && read_from->target.find("[signalfd]") != std::string::npos;
}

bool Observed::has_any_pending() const {
  const auto status = see::status_of(pid());
  return status && (status->pending | status->shared_pending) != 0;
}

bool Observed::has_handlers_for(const std::vector<int>& signals) const {
  const auto status = see::status_of(pid());
  return status && (status->caught & set_of(signals)) == set_of(signals);
}

Verdict Observed::has_signalfd_for(const std::vector<int>& signals) const {
  Evidence e{"it has a signalfd open for exactly " + names_of(set_of(signals)), "it has none"};
  for (const see::Descriptor& d : see::descriptors_of(pid())) {
    const size_t at = d.details.find("sigmask:");
    if (at == std::string::npos) continue;
    if (std::stoull(d.details.substr(at + 8), nullptr, 16) == set_of(signals)) return Verdict::yes();
    e.actual = fmt::format("its descriptor {} is one for others", d.fd);
  }
  return Verdict::no(std::move(e));
}

Verdict Observed::catches_none_of(const std::vector<int>& signals) const {
  const std::uint64_t set = set_of(signals);
  return set_is(fmt::format("{} has no handler (SigCgt) for any of {}", name(), names_of(set)), 0, set, caught_of);
}

Verdict Observed::ignores_none_of(const std::vector<int>& signals) const {
  const std::uint64_t set = set_of(signals);
  return set_is(fmt::format("{} ignores none of {} (SigIgn in /proc/PID/status)", name(), names_of(set)), 0, set,
                [](const see::Status& s) { return s.ignored; });
}

}  // namespace play
