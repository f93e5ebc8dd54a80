#include "tell/failure.hpp"

#include "base/text.hpp"
#include "tell/explanation.hpp"

namespace tell {

std::string failure_in_full(const results::Record& r, const results::Run& run, const Style& style) {
  const Explanation e = explain(r, run);
  std::string out = wrapped(style, "        ", e.sentence);
  for (const std::string& line : e.lines) out += "          " + as_it_is(style, line) + "\n";
  if (!e.steps.empty()) out += wrapped(style, "          steps: ", base::join(e.steps, " · "));
  if (!e.calls.empty()) out += wrapped(style, "        ", e.calls_are);
  for (const std::string& line : e.calls) out += "          " + as_it_is(style, line) + "\n";
  if (!e.hint.empty()) out += wrapped(style, "        hint: ", e.hint);
  if (!e.by_hand.empty()) out += "        by hand: " + e.by_hand + "\n";
  if (!e.again.empty()) out += "        again: " + e.again + "\n";
  if (e.mistake) out += "        more: make explain ID=" + e.mistake->id + "    " + e.mistake->manual + "\n";
  return out;
}

}  // namespace tell
