#include "play/subject/handlers.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "see/calls.hpp"
#include "see/proc.hpp"

namespace play {
namespace {

std::uint64_t bit(int signal) { return std::uint64_t{1} << (signal - 1); }

}  // namespace

Handlers::Handlers(const Observed& program, const std::vector<int>& signals) : asked_(0) {
  for (const int s : signals) asked_ |= bit(s);
  look(program);
}

void Handlers::look(const Observed& program) {
  const auto status = see::status_of(program.pid());
  if (!status || program.has_ended()) return;
  had_ |= status->caught & asked_;
  gone_ = had_ & ~(status->caught | status->ignored | status->pending | status->shared_pending);
}

Verdict Handlers::explain(const Observed& program, Verdict verdict) {
  if (verdict.passed()) return verdict;
  look(program);
  const Evidence& e = verdict.evidence();
  const bool of_it = verdict.ended_by_a_signal() && (gone_ & bit(e.ending->status)) != 0;
  const bool waits = e.kind == Evidence::Kind::stuck || e.kind == Evidence::Kind::waits_for_check;
  std::vector<std::string> names;
  for (int s = 1; s <= 64; ++s)
    if ((gone_ & bit(s)) != 0) names.push_back(see::signal_name(s));
  if (names.empty() || !(of_it || waits)) return verdict;
  return std::move(verdict)
      .is_explained_by("signal/handler-gone")
      .where(fmt::format("it had a handler for {} (SigCgt in /proc/PID/status), and has none any more", base::join(names, ", ")));
}

bool keeps_out_what_came(const Observed& program) {
  const auto status = see::status_of(program.pid());
  if (!status || program.has_ended() || !program.is_asleep()) return false;
  for (const see::Descriptor& d : see::descriptors_of(program.pid()))
    if (d.target.find("[signalfd]") != std::string::npos || d.target.find("[pidfd]") != std::string::npos) return false;
  return ((status->pending | status->shared_pending) & status->blocked) != 0;
}

}  // namespace play
