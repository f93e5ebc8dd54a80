#include "play/unmet.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace play {

Evidence unmet(const Stage& stage, const std::string& expected, const Waited& waited) {
  Evidence e;
  e.expected = expected;
  const see::Story story = stage.tell(waited.family);
  e.lines = story.lines;
  e.diagnoses = story.diagnoses;
  if (waited.outcome == Waited::Outcome::spent) {
    e.kind = Evidence::Kind::spent;
    e.actual = waited.why;
    e.diagnoses.clear();  // it moves: who holds what proves nothing yet
  } else if (const std::string endings = stage.endings(); !endings.empty()) {
    e.kind = Evidence::Kind::ended;
    e.actual = endings;
  } else if (story.waits_for_check) {
    e.kind = Evidence::Kind::waits_for_check;
    e.actual = "it waits for something that this check has not given";
  } else {
    e.kind = Evidence::Kind::stuck;
    e.actual = "it is stuck: nothing here can ever wake it";
  }
  return e;
}

Evidence finding(const Stage& stage, const std::string& expected, const std::string& actual, const Waited& waited) {
  Evidence e = unmet(stage, expected, waited);
  constexpr size_t few = 3;  // more than these are a list that nobody reads
  if (const std::string endings = stage.endings(); !endings.empty() && stage.actors().size() <= few)
    e.lines.push_back(endings);
  e.diagnoses.clear();
  e.actual = actual;
  if (waited.outcome == Waited::Outcome::spent) e.actual += "; " + waited.why;
  else e.kind = Evidence::Kind::differs;
  return with_stage(stage, std::move(e));
}

Evidence with_stage(const Stage& stage, Evidence e) {
  const std::deque<Actor>& actors = stage.actors();
  for (const Actor& a : actors)
    if (!a.err.text.empty())
      e.lines.push_back(fmt::format("{} wrote on standard error: {}", a.name, base::quote(a.err.text, 200)));
  // Where several programs play together, one line alone would not show it.
  const bool one =
      std::all_of(actors.begin(), actors.end(), [&](const Actor& a) { return a.name == actors.front().name; });
  if (one && !actors.empty()) e.by_hand = stage.by_hand(actors.back());
  return e;
}

Verdict comes_true(Stage& stage, const std::string& expected, const std::function<bool()>& condition) {
  const Waited waited = wait_until(stage, condition);
  return waited ? Verdict::yes() : Verdict::no(with_stage(stage, unmet(stage, expected, waited)));
}

}  // namespace play
