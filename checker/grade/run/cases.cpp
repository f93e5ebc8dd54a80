#include "grade/run/cases.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <set>
#include <stdexcept>

#include "check.hpp"

namespace grade {
namespace {

constexpr size_t most_lines = 24;  // of evidence: what matters most stands first

/// Hears doctest and prints nothing: what it heard is kept for the record.
struct Listener : doctest::IReporter {
  struct Heard {
    std::vector<Case> listed;
    int assertions = 0;
    std::string failed_expression, exception;
  };
  static Heard heard;  // doctest makes the listener itself, and gives nothing back

  explicit Listener(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData& query) override {
    for (unsigned i = 0; i < query.num_data; ++i) {
      const auto& data = *query.data[i];
      const check::Marks& marks = check::marks_at(data.m_file.c_str(), data.m_line);
      heard.listed.push_back({i + 1, course::Lab(data.m_test_suite), marks.id, data.m_name, 0, marks.points,
                              marks.needs, marks.hint, marks.todos, marks.stretch, marks.sanitized});
    }
  }
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    heard.assertions = stats.numAssertsCurrentTest;
  }
  void test_case_exception(const doctest::TestCaseException& e) override {
    if (heard.failed_expression.empty()) heard.exception = e.error_string.c_str();
  }
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& data) override {
    // An exception inside a CHECK is the grader's trouble as anywhere else, though doctest counts it as a failure.
    if (data.m_threw && heard.exception.empty() && heard.failed_expression.empty())
      heard.exception = data.m_exception.c_str();
    else if (data.m_failed && heard.failed_expression.empty())
      heard.failed_expression = fmt::format("{} ({})", data.m_expr, data.m_decomp.c_str());
  }
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};
Listener::Heard Listener::heard;

REGISTER_REPORTER("ipclab", 1, Listener);

// A program that has made an act of the check impossible has failed the case.
REGISTER_EXCEPTION_TRANSLATOR(const play::Obstructed& e) {
  lab.remember(e.evidence());
  Listener::heard.failed_expression = e.what();
  return e.what();
}

void run_doctest(const std::vector<std::string>& options) {
  std::vector<const char*> words{"ipclab", "--order-by=file", "--reporters=ipclab", "--abort-after=1",
                                 "--no-intro=true"};
  for (const std::string& option : options) words.push_back(option.c_str());
  Listener::heard = {};
  doctest::Context context(static_cast<int>(words.size()), words.data());
  context.run();
}

results::Ground ground_of(play::Evidence::Kind kind) {
  using Kind = play::Evidence::Kind;
  switch (kind) {
    case Kind::differs: return results::Ground::differs;
    case Kind::ended: return results::Ground::ended;
    case Kind::waits_for_check: return results::Ground::waits_for_check;
    case Kind::stuck: return results::Ground::stuck;
    case Kind::spent: return results::Ground::spent;
  }
  return results::Ground::differs;
}

void write_down(const play::Evidence& e, results::Record& r) {
  r.expected = e.expected;
  r.actual = e.actual;
  r.ground = ground_of(e.kind);
  if (e.ending) r.ended = results::Ended{e.ending->status, e.ending->by_signal};
  r.missing = e.missing;
  r.too_many = e.too_many;
  r.lines = e.lines;
  if (r.lines.size() > most_lines) {
    const size_t more = r.lines.size() - most_lines + 1;
    r.lines.resize(most_lines - 1);
    r.lines.push_back(fmt::format("and {} lines more", more));
  }
  r.diagnoses = e.diagnoses;
  if (!e.hint.empty()) r.hint = e.hint;
  if (e.shows_in_a_shell) r.by_hand = lab.testbed().by_hand();
}

}  // namespace

std::vector<Case> all_cases() {
  run_doctest({"--list-test-cases"});
  std::vector<Case> cases = std::move(Listener::heard.listed);
  std::map<course::Lab, int> numbers;
  std::set<std::string> ids;
  for (Case& c : cases) {
    c.number = ++numbers[c.lab];
    if (c.id.empty()) throw std::logic_error(fmt::format("the case \"{}\" of {} has no id", c.title, c.lab.key()));
    if (!ids.insert(c.lab.key() + "/" + c.id).second)
      throw std::logic_error(fmt::format("two cases are {}/{}", c.lab.key(), c.id));
    for (const std::string& need : c.needs)  // a later one would wait for this one, and this one for it
      if (ids.count(c.lab.key() + "/" + need) == 0)
        throw std::logic_error(fmt::format("the case {}/{} needs {}, which is no earlier case", c.lab.key(), c.id, need));
  }
  return cases;
}

std::vector<Case> cases_of(const course::Lab& lab) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& c) { return c.lab != lab; });
  return cases;
}

std::vector<std::string> ids_of(const std::vector<course::Lab>& labs) {
  std::vector<std::string> ids;
  for (const course::Lab& lab : labs)
    for (const Case& c : cases_of(lab)) ids.push_back(c.id);
  return ids;
}

results::Record blank(const Case& c) {
  results::Record r;
  r.lab = c.lab.key();
  r.id = c.id;
  r.title = c.title;
  r.number = c.number;
  r.points = c.points;
  r.needs = c.needs;
  r.hint = c.hint;
  r.stretch = c.stretch;
  return r;
}

results::Record run(const Case& c) {
  results::Record r = blank(c);
  r.started = results::now();
  const auto start = std::chrono::steady_clock::now();
  run_doctest({fmt::format("--first={}", c.index), fmt::format("--last={}", c.index)});
  r.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  r.budget = {lab.testbed().budget().cpu, lab.testbed().budget().wall};
  for (const play::Event& e : lab.testbed().events()) r.log.push_back({e.ms, e.what, e.done_by_check});

  const Listener::Heard& heard = Listener::heard;
  if (!heard.failed_expression.empty()) {
    r.result = c.stretch && lab.any_refused_its_command_line() ? results::Result::not_attempted : results::Result::failed;
    r.ground = results::Ground::differs;
    if (lab.failure()) write_down(*lab.failure(), r);
    else r.actual = heard.failed_expression;
  } else if (!heard.exception.empty()) {
    r.result = results::Result::could_not_check;
    r.actual = heard.exception;
  } else if (heard.assertions == 0) {
    r.result = results::Result::could_not_check;
    r.actual = "the case asserts nothing";
  } else {
    r.result = results::Result::passed;
  }
  return r;
}

}  // namespace grade
