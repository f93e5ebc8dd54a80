#include "play/verdict/failure.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace play {

Evidence failed_wait(const Testbed& testbed, const std::string& expected, const Waited& waited) {
  Evidence e;
  e.expected = expected;
  const see::Story story = testbed.story_of(waited.family);
  e.lines = story.lines;
  e.diagnoses = story.diagnoses;
  if (waited.outcome == Waited::Outcome::spent) {
    e.kind = Evidence::Kind::spent;
    e.actual = waited.why;
    e.diagnoses.clear();  // it moves: who holds what proves nothing yet
  } else if (const std::string endings = testbed.endings(); !endings.empty()) {
    e.kind = Evidence::Kind::ended;
    e.actual = endings;
  } else if (story.waits_for_check) {
    e.kind = Evidence::Kind::waits_for_check;
    e.actual = "it waits for something that this check has not given";
  } else if (!waited.why.empty()) {
    e.kind = Evidence::Kind::spent;
    e.actual = "it waits, and no check waits long enough for what will wake it: " + base::escape(waited.why);
    e.diagnoses.clear();  // it will move
  } else {
    e.kind = Evidence::Kind::stuck;
    e.actual = testbed.sees_interval_timers() ? "it is stuck: nothing here can ever wake it"
                                              : "it is stuck: nothing that this checker can see will wake it";
  }
  return e;
}

Evidence finding(const Testbed& testbed, const std::string& expected, const std::string& actual, const Waited& waited) {
  Evidence e = failed_wait(testbed, expected, waited);
  constexpr size_t few = 3;  // more than these are a list that nobody reads
  if (const std::string endings = testbed.endings(); !endings.empty() && testbed.all_started().size() <= few)
    e.lines.push_back(endings);
  e.diagnoses.clear();
  e.actual = actual;
  if (waited.outcome == Waited::Outcome::spent) e.actual += "; " + waited.why;
  else e.kind = Evidence::Kind::differs;
  return with_context(testbed, std::move(e));
}

Evidence with_context(const Testbed& testbed, Evidence e) {
  e.shows_in_a_shell = e.kind == Evidence::Kind::stuck || e.kind == Evidence::Kind::ended;
  for (const Started& a : testbed.all_started())
    if (!a.out.text.empty()) e.lines.push_back(fmt::format("{} printed {}", a.name, base::quote_end(a.out.text, 200)));
  for (const Started& a : testbed.all_started())
    if (!a.err.text.empty())
      e.lines.push_back(fmt::format("{} wrote on standard error: {}", a.name, base::quote(a.err.text, 200)));
  return e;
}

Verdict comes_true(Testbed& testbed, const std::string& expected, const std::function<bool()>& condition) {
  const Waited waited = wait_until(testbed, condition);
  return waited ? Verdict::yes() : Verdict::no(with_context(testbed, failed_wait(testbed, expected, waited)));
}

}  // namespace play
