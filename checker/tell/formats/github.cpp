#include "tell/formats/github.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "tell/formats/json.hpp"
#include "tell/formats/told.hpp"

namespace tell::formats {
namespace {

const char* status_of(Verdict verdict) {
  return verdict == Verdict::passed ? "pass" : verdict == Verdict::open ? "error" : "fail";
}

std::string again(const results::Record& r) {
  return "make grade LAB=" + (course::Lab::is_key(r.lab) ? course::Lab(r.lab).number() : r.lab) + " CHECK=" + r.id;
}

json github_test(const Check& c) {
  return {{"name", without_commands(c.full_name)},
          {"status", status_of(c.verdict)},
          {"message", without_commands(c.text)},
          {"test_code", without_commands(again(c.record))},
          {"filename", ""},
          {"line_no", 0},
          {"execution_time", fmt::format("{:.3f}s", c.record.ms / 1000)},
          {"score", c.earned}};
}

}  // namespace

std::string without_commands(const std::string& text) {
  std::vector<std::string> lines = base::split(text, '\n');
  for (std::string& line : lines) {
    // The older form is seen anywhere in a line, the newer one at its beginning, and blanks before it do not hide it.
    for (size_t at; (at = line.find("##[")) != std::string::npos;) line.insert(at + 2, " ");
    const size_t first = line.find_first_not_of(" \t\r\v\f");
    if (first != std::string::npos && line.compare(first, 2, "::") == 0) line.insert(first, "> ");
  }
  return base::join(lines, "\n");
}

std::string github(const results::Run& run) {
  const Told all = told(run);
  json tests = json::array();
  std::string status = "pass";
  for (const Lab& lab : all.labs)
    for (const Check& c : lab.checks) {
      // The step fails for each test that does: a stretch goal may not do that.
      if (c.record.stretch && c.verdict != Verdict::passed) continue;
      tests.push_back(github_test(c));
      if (c.verdict == Verdict::open) status = "error";
      else if (c.verdict != Verdict::passed && status == "pass") status = "fail";
    }
  const json whole{{"version", 1}, {"status", status}, {"max_score", all.possible}, {"tests", tests}};
  return "result=" + base::base64(text_of(whole, -1)) + "\n";
}

}  // namespace tell::formats
