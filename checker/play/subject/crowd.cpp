#include "play/subject/crowd.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "base/text.hpp"
#include "play/verdict/failure.hpp"

namespace play {

Crowd::Crowd(Testbed& testbed, const std::string& name, int size) : testbed_(&testbed) {
  for (int i = 1; i <= size; ++i) {
    names_.push_back(name + std::to_string(i));
    gates_.emplace_back(testbed, names_.back());
  }
}

Verdict Crowd::stands_at(int wanted) {
  const Waited waited = wait_until(*testbed_, [] { return false; });
  std::vector<std::string> names;
  for (size_t i = 0; i < gates_.size(); ++i)
    if (gates_[i].is_reached_in(waited.family)) names.push_back(names_[i]);
  last_seen_ = static_cast<int>(names.size());
  if (waited.outcome == Waited::Outcome::quiet && last_seen_ == wanted) return Verdict::yes();
  std::string actual =
      last_seen_ == 0 ? "none runs" : fmt::format("{} {}", last_seen_, last_seen_ == 1 ? "runs" : "run");
  if (!names.empty())
    actual += fmt::format(": {} at the gate{} {}", names.size() == 1 ? "it is" : "they are",
                          names.size() == 1 ? "" : "s", base::join(names, ", "));
  return Verdict::no(finding(*testbed_,
                             fmt::format("{} of these commands {} at one time", wanted, wanted == 1 ? "runs" : "run"),
                             actual, waited));
}

int Crowd::let_one_go() {
  const see::Family family = testbed_->family();
  for (size_t i = 0; i < gates_.size(); ++i)
    if (gates_[i].is_reached_in(family)) return gates_[i].open(), static_cast<int>(i);
  throw std::logic_error("nobody stands at a gate");
}

}  // namespace play
