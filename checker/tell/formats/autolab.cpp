#include "tell/formats/autolab.hpp"

#include "tell/formats/json.hpp"
#include "tell/formats/told.hpp"

namespace tell::formats {
namespace {

// All of a job's output is cut at a megabyte, and what is cut off is its end: these lines.
constexpr size_t longest_hint = 2000;

// Before it parses a line, Autolab puts quotes round every word that is followed by a colon, and does not look whether that is
// inside of a string. Outside of strings a colon always follows a quote; inside, it is written in another way.
std::string without_colons_in_strings(const std::string& line) {
  std::string out;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      out += line.substr(i, 2);
      ++i;
      continue;
    }
    if (line[i] == '"') in_string = !in_string;
    out += in_string && line[i] == ':' ? "\\u003a" : std::string(1, line[i]);
  }
  return out;
}

}  // namespace

std::string autolab(const results::Run& run) {
  const Told all = told(run);
  json scores = json::object(), semantic{{"_presentation", "semantic"}, {"stages", json::array()}};
  for (const Lab& lab : all.labs) {
    scores[lab.score.lab] = lab.score.unknown ? json(nullptr) : json(lab.score.earned);
    json tests = json::object();
    for (const Check& c : lab.checks) {
      // There are two states: what is neither is told above these lines, in the report.
      if (c.verdict == Verdict::open || (c.record.stretch && c.verdict != Verdict::passed)) continue;
      json test{{"passed", c.verdict == Verdict::passed}};
      if (!c.text.empty()) test["hint"] = shortened(c.text, longest_hint);
      tests[c.name] = test;
    }
    semantic["stages"].push_back(lab.score.lab);
    semantic[lab.score.lab] = tests;
  }
  return without_colons_in_strings(text_of(semantic, -1)) + "\n" + without_colons_in_strings(text_of({{"scores", scores}}, -1)) + "\n";
}

}  // namespace tell::formats
