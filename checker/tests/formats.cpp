// One grading in the formats of the platforms: each is what its golden file says, and whatever a platform adds up in it is what
// results::score_of says. golden/grading.json has every kind of result, a cap, and words that a program chose to do harm with.
#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "results/json.hpp"
#include "results/score.hpp"
#include "tell/formats/autolab.hpp"
#include "tell/formats/formats.hpp"
#include "tell/formats/github.hpp"
#include "tell/formats/gradescope.hpp"
#include "tell/formats/junit.hpp"
#include "tell/formats/prairielearn.hpp"
#include "tell/formats/told.hpp"
#include "tests/example.hpp"

namespace {

using nlohmann::json;
using results::Record, results::Result, results::Run;
namespace formats = tell::formats;

std::string golden_file(const std::string& name) {
  return base::read_file(std::filesystem::path(__FILE__).parent_path().string() + "/golden/" + name);
}

Run graded() { return results::from_json(golden_file("grading.json")); }

// The same without what could not be checked.
Run closed() {
  Run run = graded();
  std::erase_if(run.records, [](const Record& r) { return r.result == Result::could_not_check || r.result == Result::not_run; });
  return run;
}

const formats::Submission submission{"cs-ipc", "pipeline", "individual", "alice", "submit/2026-01-31T12-00-00Z-0123abc",
                                     "https://git.example/c/1", "https://git.example/r/1", ""};

struct Total {
  int earned = 0, possible = 0;
  bool operator==(const Total&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Total& t) { return out << t.earned << "/" << t.possible; }

Total right_total(const Run& run) {
  Total all;
  for (const results::Score& s : results::scores_of(run)) all.earned += s.earned, all.possible += s.possible;
  return all;
}

Total sum(const json& tests, const char* earned, const char* possible) {
  Total all;
  for (const json& test : tests) all.earned += test.value(earned, 0), all.possible += test.value(possible, 0);
  return all;
}

std::string decoded(const std::string& base64) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : base64) {
    const size_t value = letters.find(c);
    if (value == std::string_view::npos) continue;
    held = held << 6 | static_cast<unsigned>(value);
    if ((bits += 6) >= 8) out += static_cast<char>(held >> (bits -= 8) & 0xFFU);
  }
  return out;
}

json github_of(const Run& run) {
  const std::string line = formats::github(run), key = "result=";
  REQUIRE(line.starts_with(key));
  return json::parse(decoded(line.substr(key.size())));
}

// As Autolab reads a line: it puts quotes round each word before a colon, wherever that stands.
json as_autolab_reads(const std::string& line) {
  return json::parse(std::regex_replace(line, std::regex("([a-zA-Z0-9]+):"), "\"$1\":"));
}

json autolab_scores(const Run& run) {
  const std::vector<std::string> lines = base::split(formats::autolab(run), '\n');
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].empty());
  CHECK(as_autolab_reads(lines[0])["_presentation"] == "semantic");
  return as_autolab_reads(lines[1])["scores"];
}

// Added up from the points of the checks, or from those of the suites.
Total junit_checks(const std::string& xml) {
  static const std::regex points("name=\"points of [^\"]*\" value=\"([0-9]+)/([0-9]+)\"");
  Total all;
  for (std::sregex_iterator at(xml.begin(), xml.end(), points), end; at != end; ++at)
    all.earned += std::stoi((*at)[1]), all.possible += std::stoi((*at)[2]);
  return all;
}

Total junit_suites(const std::string& xml) {
  static const std::regex points("name=\"points.(earned|possible)\" value=\"([0-9]+)\"");
  Total all;
  for (std::sregex_iterator at(xml.begin(), xml.end(), points), end; at != end; ++at)
    ((*at)[1] == "earned" ? all.earned : all.possible) += std::stoi((*at)[2]);
  return all;
}

bool is_open(const Run& run) {
  return std::any_of(run.records.begin(), run.records.end(), [](const Record& r) {
    return !r.stretch && (r.result == Result::could_not_check || r.result == Result::not_run);
  });
}

// Whatever way a platform takes to a total.
void adds_up(const Run& run) {
  const Total right = right_total(run);
  const std::string xml = formats::junit(run);
  CHECK(junit_suites(xml) == right);
  CHECK(junit_checks(xml) == right);
  const json gradescope = json::parse(formats::gradescope(run));
  CHECK(gradescope["score"] == right.earned);
  CHECK(sum(gradescope["tests"], "score", "max_score").earned == right.earned);
  const json classroom = json::parse(formats::classroom50(run, submission));
  CHECK(Total{classroom["score"], classroom["max-score"]} == right);
  CHECK(sum(classroom["tests"], "score", "max-score") == right);
  const json github = github_of(run);
  CHECK(Total{sum(github["tests"], "score", "").earned, github["max_score"]} == right);
  const json scores = autolab_scores(run);
  for (const results::Score& s : results::scores_of(run)) CHECK(scores[s.lab] == (s.unknown ? json(nullptr) : json(s.earned)));
  const json prairielearn = json::parse(formats::prairielearn(run));
  CHECK(prairielearn["gradable"] == !(is_open(run) || right.possible == 0));
  CHECK(sum(prairielearn["tests"], "points", "max_points").earned == right.earned);
  if (!prairielearn["gradable"]) return;
  CHECK(prairielearn["score"].get<double>() * right.possible == doctest::Approx(right.earned));
  CHECK(sum(prairielearn["tests"], "points", "max_points") == right);
}

}  // namespace

TEST_CASE("each format is what its golden file says, byte for byte") {
  const std::map<std::string, std::string> files{
      {"autolab", "autolab.txt"}, {"classroom50", "classroom50.json"},   {"github", "github.txt"}, {"gradescope", "gradescope.json"},
      {"junit", "junit.xml"},     {"prairielearn", "prairielearn.json"}, {"report", "report.txt"}};
  for (const formats::Format& format : formats::all_formats()) {
    INFO(format.name);
    REQUIRE(files.count(format.name) == 1);
    CHECK(format.write(graded(), submission).text == golden_file(files.at(format.name)));
  }
}

TEST_CASE("whatever the results are, a platform adds up what the course does") {
  adds_up(graded());
  adds_up(closed());
  adds_up(tests::run_of({}));
  for (const bool capped : {false, true})
    for (int first = 0; first <= static_cast<int>(Result::follows); ++first)
      for (int second = 0; second <= static_cast<int>(Result::follows); ++second) {
        Record a = tests::example(), b = tests::example(), stretch = tests::example(), other = tests::example();
        b.id = "flows";
        a.result = static_cast<Result>(first);
        b.result = stretch.result = static_cast<Result>(second);
        if (capped) b.instead = "a shell";
        stretch.id = "more";
        stretch.stretch = true;
        other.lab = "03-signals";
        other.result = Result::passed;
        CAPTURE(first);
        CAPTURE(second);
        adds_up(tests::run_of({a, b, stretch}));
        adds_up(tests::run_of({a, b, stretch, other}));
      }
}

TEST_CASE("what a program chose is text, and neither a control code nor a command") {
  for (const formats::Format& format : formats::all_formats()) {
    const std::string text = format.write(graded(), submission).text;
    INFO(format.name);
    CHECK(std::all_of(text.begin(), text.end(), [](unsigned char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); }));
  }
  CHECK(formats::junit(graded()).find("<b>") == std::string::npos);
  for (const json& test : github_of(graded())["tests"])
    for (const std::string& line : base::split(test["message"].get<std::string>(), '\n')) {
      INFO(line);
      CHECK_FALSE(std::regex_search(line, std::regex("^\\s*::|##\\[")));
    }
  CHECK(formats::without_commands("\t::a\nb ##[c\n##[##[\nstd::d") == "\t> ::a\nb ## [c\n## [## [\nstd::d");
}

TEST_CASE("what could not be checked is the grader's trouble on every platform") {
  const Run run = graded();
  CHECK(formats::junit(run).find("<error message=\"this could not be checked, which is the grader") != std::string::npos);
  const json gradescope = json::parse(formats::gradescope(run));
  CHECK(gradescope["output"].get<std::string>().find("their 25 points are open") != std::string::npos);
  for (const json& test : gradescope["tests"])
    if (test["extra_data"]["result"] == "could not be checked") CHECK_FALSE((test.contains("score") || test.contains("status")));
  CHECK(github_of(run)["status"] == "error");
  CHECK(json::parse(formats::prairielearn(run))["format_errors"].size() == 1);
  for (const formats::Format& format : formats::all_formats()) {
    CHECK(format.write(run, submission).trouble.empty() == (format.name != "classroom50"));
    CHECK(format.write(closed(), submission).trouble.empty());
  }
}

TEST_CASE("a stretch goal that is not held fails nothing") {
  Record done = tests::example(), more = tests::example();
  done.result = Result::passed;
  more.stretch = true;
  for (const Result result : {Result::failed, Result::not_attempted, Result::could_not_check, Result::not_run}) {
    more.result = result;
    const Run run = tests::run_of({done, more});
    CHECK(formats::junit(run).find("failures=\"0\" errors=\"0\" skipped=\"1\"") != std::string::npos);
    CHECK(github_of(run)["status"] == "pass");
    CHECK(json::parse(formats::classroom50(run, submission))["tests"].size() == 1);
    CHECK(json::parse(formats::prairielearn(run))["score"] == 1.0);
    CHECK(formats::told(run).open.empty());
  }
}

TEST_CASE("Classroom 50 is told what it asks for, or why it is not") {
  formats::Submission s = submission;
  CHECK(json::parse(formats::classroom50(graded(), s))["review"] == s.commit);
  s.tag = "v1";
  CHECK_THROWS_WITH(formats::classroom50(graded(), s), doctest::Contains("begins with submit/"));
  s.tag.clear();
  s.owner.clear();
  CHECK_THROWS_WITH(formats::classroom50(graded(), s), doctest::Contains("not set: OWNER, SUBMISSION_TAG"));
}

TEST_CASE("PrairieLearn gets at most a megabyte, and every test has points") {
  Run run = closed();
  for (Record& r : run.records)
    if (r.result == Result::failed) r.actual = std::string(1'000'000, 'x') + "\n" + std::string(1'000'000, 'y');
  const std::string text = formats::prairielearn(run);
  CHECK(text.size() <= 1024 * 1024);
  const json whole = json::parse(text);
  CHECK(whole["tests"].size() == run.records.size());
  for (const json& test : whole["tests"]) CHECK((test.contains("points") && test.contains("max_points")));
  run.records.assign(20000, tests::example());  // so many that there is no room for their names
  CHECK(formats::prairielearn(run).size() <= 1024 * 1024);
  CHECK(json::parse(formats::prairielearn(run))["score"] == 0.0);
}

TEST_CASE("what the compiler said is said once") {
  Record a = tests::example(), b = tests::example();
  a.ground = b.ground = results::Ground::not_built;
  a.actual = b.actual = "pipeline.cpp does not compile\npipeline.cpp:1:1: error: nothing";
  b.id = "flows";
  Run run = tests::run_of({a, b});
  const formats::Told all = formats::told(run);
  CHECK(all.labs.at(0).checks.at(0).text.find("error: nothing") != std::string::npos);
  CHECK(all.labs.at(0).checks.at(1).text.find("error: nothing") == std::string::npos);
}

TEST_CASE("a text that is too long keeps whole lines") {
  CHECK(formats::shortened("one\ntwo", 7) == "one\ntwo");
  CHECK(formats::shortened("one\ntwo\n", 6) == "one\n... and 5 bytes more: make grade shows them");
  CHECK(formats::shortened("onetwo", 3) == "... and 6 bytes more: make grade shows them");
}

TEST_CASE("base64 is that of RFC 4648") {
  CHECK(base::base64("") == "");
  CHECK(base::base64("f") == "Zg==");
  CHECK(base::base64("fo") == "Zm8=");
  CHECK(base::base64("foobar") == "Zm9vYmFy");
  CHECK(base::base64("\xff\xfe") == "//4=");
}
