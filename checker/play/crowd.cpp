#include "play/crowd.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "base/text.hpp"

namespace play {

Crowd::Crowd(Stage& stage, const std::string& name, int size) : stage_(&stage) {
  for (int i = 1; i <= size; ++i) {
    names_.push_back(name + std::to_string(i));
    gates_.emplace_back(stage, names_.back());
  }
}

Verdict Crowd::stands_at(int wanted) {
  const Waited waited = wait_until(*stage_, [] { return false; });
  std::vector<std::string> names;
  for (size_t i = 0; i < gates_.size(); ++i)
    if (gates_[i].is_reached_in(waited.family)) names.push_back(names_[i]);
  last_seen_ = static_cast<int>(names.size());
  if (waited.outcome == Waited::Outcome::quiet && last_seen_ == wanted) return Verdict::yes();
  Evidence e;
  e.expected = fmt::format("{} of these commands run at one time", wanted);
  e.actual = fmt::format("{} do", names.size());
  if (!names.empty()) e.actual += ": those at the gates " + base::join(names, ", ");
  e.lines = stage_->tell(waited.family).lines;
  if (waited.outcome == Waited::Outcome::spent) {
    e.kind = Evidence::Kind::spent;
    e.actual += "; " + waited.why;
  }
  for (const Actor& a : stage_->actors())
    if (!a.err.text.empty())
      e.lines.push_back(fmt::format("{} wrote on standard error: {}", a.name, base::quote(a.err.text, 200)));
  if (!stage_->actors().empty()) e.by_hand = stage_->by_hand(stage_->actors().back());
  return Verdict::no(std::move(e));
}

int Crowd::let_one_go() {
  const see::Family family = stage_->family();
  for (size_t i = 0; i < gates_.size(); ++i)
    if (gates_[i].is_reached_in(family)) return gates_[i].open(), static_cast<int>(i);
  throw std::logic_error("nobody stands at a gate");
}

}  // namespace play
