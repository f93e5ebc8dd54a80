#include "tell/explanation.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "course/lab.hpp"
#include "tell/sentences.hpp"

namespace tell {
namespace {

using results::Record;

// Out of the log: without it a reader cannot know what a sentence follows from.
std::vector<std::string> last_acts(const Record& r) {
  constexpr size_t most = 5;
  std::vector<std::string> acts;
  for (const results::Event& event : r.log)
    if (event.done_by_check) acts.push_back(event.what);
  if (acts.size() == 1 && !r.by_hand.empty()) return {};  // it was started, as the line to run by hand says
  if (acts.size() > most) {
    acts.erase(acts.begin(), acts.end() - most);
    acts.insert(acts.begin(), "...");
  }
  return acts;
}

// A program that has not begun needs to know where; one that has, what differs.
std::string hint_of(const Record& r, const std::string& tree, const std::optional<course::Diagnosis>& mistake) {
  if (!r.todos.empty()) {
    std::vector<std::string> places;
    for (const std::string& todo : r.todos) {
      const size_t in = todo.find(" in ");  // "TODO 3 in redirect.cpp"
      places.push_back(todo.substr(0, in) + " in " + tree + "/" + r.lab + "/" + todo.substr(in + 4));
    }
    return "begin with " + base::join(places, ", ") + "." + (r.hint.empty() ? "" : " " + r.hint);
  }
  return mistake && !mistake->hint.empty() ? mistake->hint : r.hint;
}

}  // namespace

std::string line_to_grade_again(const std::string& lab, const std::string& check, const results::Run& run) {
  return fmt::format("make grade LAB={}{}{}{}", course::Lab(lab).number(), check.empty() ? "" : " CHECK=" + check,
                     run.tree == "labs" ? "" : " TREE=" + base::shell_words({run.tree}),
                     run.seed ? fmt::format(" SEED={}", *run.seed) : "");
}

std::string what_differs(const Record& r) {
  return r.expected.empty() ? "this does not hold: " + r.actual : "expected that " + r.expected + ", but " + r.actual;
}

Explanation explain(const Record& r, const results::Run& run) {
  Explanation e;
  if (r.result == results::Result::could_not_check) {
    e.sentence = std::string(graders_trouble) + ": " + r.actual;
    return e;
  }
  e.sentence = what_differs(r);
  e.lines = r.lines;
  e.steps = last_acts(r);
  e.calls = r.calls;
  if (!r.calls.empty())
    e.calls_are = r.passed_traced ? "run once more, below strace, it passed: it may depend on who is faster. Its last calls:"
                                  : "what it did last (run once more, below strace: with other process numbers):";
  if (!r.diagnoses.empty()) e.mistake = course::diagnosis(r.diagnoses.front());
  e.hint = hint_of(r, run.tree, e.mistake);
  e.by_hand = r.by_hand;
  e.again = line_to_grade_again(r.lab, r.id, run);
  return e;
}

}  // namespace tell
