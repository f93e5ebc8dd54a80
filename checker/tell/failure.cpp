#include "tell/failure.hpp"

#include <fmt/format.h>
#include <vector>

#include "base/text.hpp"
#include "course/catalogue.hpp"
#include "course/lab.hpp"
#include "tell/sentences.hpp"

namespace tell {
namespace {

using results::Record;

// What the check itself did last, out of its log: without it a reader cannot know what a sentence follows from.
std::string last_acts(const Record& r, const Style& style) {
  constexpr size_t most = 5;
  std::vector<std::string> acts;
  for (const results::Event& event : r.log)
    if (event.done_by_check) acts.push_back(event.what);
  if (acts.empty() || (acts.size() == 1 && !r.by_hand.empty())) return {};  // it was started, as the line to run by hand says
  if (acts.size() > most) {
    acts.erase(acts.begin(), acts.end() - most);
    acts.insert(acts.begin(), "...");
  }
  return wrapped(style, "          steps: ", base::join(acts, " · "));
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

std::string what_differs(const Record& r) {
  return r.expected.empty() ? "this does not hold: " + r.actual : "expected that " + r.expected + ", but " + r.actual;
}

std::string failure_in_full(const Record& r, const results::Run& run, const Style& style) {
  if (r.result == results::Result::could_not_check)
    return wrapped(style, "        ", std::string(graders_trouble) + ": " + r.actual);
  std::string out = wrapped(style, "        ", what_differs(r));
  for (const std::string& line : r.lines) out += "          " + as_it_is(style, line) + "\n";
  out += last_acts(r, style);
  if (!r.calls.empty()) {
    out += wrapped(style, "        ", r.passed_traced ? "run once more, below strace, it passed: it may depend on who is faster. Its last calls:"
                                                      : "what it did last (run once more, below strace: with other process numbers):");
    for (const std::string& line : r.calls) out += "          " + as_it_is(style, line) + "\n";
  }
  const auto mistake = r.diagnoses.empty() ? std::nullopt : course::diagnosis(r.diagnoses.front());
  if (const std::string hint = hint_of(r, run.tree, mistake); !hint.empty()) out += wrapped(style, "        hint: ", hint);
  if (!r.by_hand.empty()) out += "        by hand: " + r.by_hand + "\n";
  out += fmt::format("        again: make grade LAB={} CHECK={}{}{}\n", course::Lab(r.lab).number(), r.id,
                     run.tree == "labs" ? "" : " TREE=" + base::shell_words({run.tree}), run.seed ? fmt::format(" SEED={}", *run.seed) : "");
  if (mistake) out += fmt::format("        more: make explain ID={}    {}\n", mistake->id, mistake->manual);
  return out;
}

}  // namespace tell
