#include "tell/formats/junit.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "results/printable.hpp"
#include "tell/formats/told.hpp"
#include "tell/sentences.hpp"

namespace tell::formats {
namespace {

// For an attribute and for text between tags alike. XML 1.0 has no way to write a control character: none is left.
std::string xml(const std::string& text) {
  std::string out;
  for (const char c : results::printable_lines(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string property(const std::string& name, const std::string& value) {
  return fmt::format("   <property name=\"{}\" value=\"{}\"/>\n", xml(name), xml(value));
}

std::string points(int earned, int possible) { return fmt::format("{}/{}", earned, possible); }

std::string properties(const Lab& lab, const results::Run& run) {
  std::string out = property("points.earned", std::to_string(lab.score.earned));
  out += property("points.possible", std::to_string(lab.score.possible));
  if (!lab.score.instead.empty()) out += property("points.cap", of_cap(lab.score));
  for (const Check& c : lab.checks)
    if (!c.record.stretch) out += property("points of " + c.record.id, points(c.earned, c.possible));
  for (const auto& [name, value] : {std::pair{"tree", &run.tree}, {"course", &run.course}, {"checker", &run.checker},
                                    {"compiler", &run.compiler}, {"kernel", &run.kernel}, {"room", &run.rung}})
    out += property(name, *value);
  return run.seed ? out + property("seed", std::to_string(*run.seed)) : out;
}

// An element with its sentence as an attribute, and the whole text in it.
std::string element(const char* name, const std::string& type, const Check& c) {
  const std::string attribute = type.empty() ? "" : fmt::format(" type=\"{}\"", xml(type));
  return fmt::format("   <{} message=\"{}\"{}>{}</{}>\n", name, xml(c.brief), attribute, xml(c.text), name);
}

// What a failure rests on; or that it follows from another one.
std::string type_of(const results::Record& r) {
  const bool by_itself = r.result == results::Result::failed && r.ground != results::Ground::none;
  return by_itself ? name_of(r.ground) : name_of(r.result);
}

std::string inside(const Check& c) {
  switch (c.verdict) {
    case Verdict::passed: return "";
    case Verdict::failed: return element("failure", type_of(c.record), c);
    case Verdict::open: return element("error", name_of(c.record.result), c);
    case Verdict::skipped: return element("skipped", "", c);
  }
  return "";
}

double seconds(double ms) { return std::clamp(ms, 0.0, 1e9) / 1000; }

std::string testcase(const Check& c) {
  const std::string open = fmt::format("  <testcase name=\"{}\" classname=\"{}\" time=\"{:.3f}\"", xml(c.name), xml(c.record.lab),
                                       seconds(c.record.ms));
  const std::string in = inside(c);
  return in.empty() ? open + "/>\n" : open + ">\n" + in + "  </testcase>\n";
}

// The schema has no room for the zone or parts of a second; a record of version 1 has no time at all.
std::string schema_moment(const std::string& started) {
  constexpr size_t to_the_second = 19;
  return started.size() < to_the_second ? "1970-01-01T00:00:00" : started.substr(0, to_the_second);
}

std::string suite(const Lab& lab, size_t id, const results::Run& run, const std::vector<std::string>& notes) {
  const auto how_many = [&](Verdict verdict) {
    return std::count_if(lab.checks.begin(), lab.checks.end(), [&](const Check& c) { return c.verdict == verdict; });
  };
  double ms = 0;
  std::string cases;
  for (const Check& c : lab.checks) ms += c.record.ms, cases += testcase(c);
  return fmt::format(" <testsuite name=\"{}\" package=\"ipc-labs\" id=\"{}\" timestamp=\"{}\" hostname=\"localhost\" tests=\"{}\" "
                     "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
                     xml(lab.score.lab), id, xml(schema_moment(run.started)), lab.checks.size(), how_many(Verdict::failed),
                     how_many(Verdict::open), how_many(Verdict::skipped), seconds(ms)) +
         "  <properties>\n" + properties(lab, run) + "  </properties>\n" + cases + "  <system-out>" + xml(base::join(notes, "\n")) +
         "</system-out>\n  <system-err>" + xml(base::join(lab.warnings, "\n")) + "</system-err>\n </testsuite>\n";
}

}  // namespace

std::string junit(const results::Run& run) {
  const Told all = told(run);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (size_t i = 0; i < all.labs.size(); ++i) out += suite(all.labs[i], i, run, all.notes);
  return out + "</testsuites>\n";
}

}  // namespace tell::formats
