#include "grade/cases.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <set>
#include <stdexcept>

#include "check.hpp"

namespace grade {
namespace {

/// Hears doctest and prints nothing: what it heard is kept for the record.
struct Listener : doctest::IReporter {
  struct Heard {
    std::vector<Case> listed;
    int assertions = 0;
    std::string failed_expression, exception;
  };
  static Heard heard;

  explicit Listener(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData& query) override {
    for (unsigned i = 0; i < query.num_data; ++i) {
      const auto& data = *query.data[i];
      Case c;
      c.index = i + 1;
      c.lab = data.m_test_suite;
      c.title = data.m_name;
      const check::Marks& marks = check::marks_at(data.m_file.c_str(), data.m_line);
      c.id = marks.id;
      c.points = marks.points;
      c.needs = marks.needs;
      c.hint = marks.hint;
      c.stretch = marks.stretch;
      c.sanitized = marks.sanitized;
      heard.listed.push_back(std::move(c));
    }
  }
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    heard.assertions = stats.numAssertsCurrentTest;
  }
  void test_case_exception(const doctest::TestCaseException& e) override { heard.exception = e.error_string.c_str(); }
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& data) override {
    // An exception inside a CHECK is the grader's trouble as anywhere else, though doctest counts it as a failure.
    if (data.m_threw && heard.exception.empty()) heard.exception = data.m_exception.c_str();
    else if (data.m_failed && heard.failed_expression.empty())
      heard.failed_expression = fmt::format("{} ({})", data.m_expr, data.m_decomp.c_str());
  }
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};
Listener::Heard Listener::heard;

REGISTER_REPORTER("ipclab", 1, Listener);

void tell_doctest(const std::vector<std::string>& options) {
  std::vector<const char*> words{"ipclab", "--order-by=file", "--reporters=ipclab", "--abort-after=1",
                                 "--no-intro=true"};
  for (const std::string& option : options) words.push_back(option.c_str());
  Listener::heard = {};
  doctest::Context context(static_cast<int>(words.size()), words.data());
  context.run();
}

}  // namespace

std::vector<Case> all_cases() {
  tell_doctest({"--list-test-cases"});
  std::vector<Case> cases = std::move(Listener::heard.listed);
  std::map<std::string, int> numbers;
  std::set<std::string> ids;
  for (Case& c : cases) {
    c.number = ++numbers[c.lab];
    if (c.id.empty()) throw std::logic_error(fmt::format("the case \"{}\" of {} has no id", c.title, c.lab));
    if (!ids.insert(c.lab + "/" + c.id).second) throw std::logic_error(fmt::format("two cases are {}/{}", c.lab, c.id));
  }
  return cases;
}

Record blank(const Case& c) {
  Record r;
  r.lab = c.lab;
  r.id = c.id;
  r.title = c.title;
  r.number = c.number;
  r.points = c.points;
  r.needs = c.needs;
  r.hint = c.hint;
  r.stretch = c.stretch;
  return r;
}

Record run(const Case& c) {
  Record r = blank(c);
  play::forget_failure();
  const auto start = std::chrono::steady_clock::now();
  tell_doctest({fmt::format("--first={}", c.index), fmt::format("--last={}", c.index)});
  r.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  for (const play::Event& e : lab.stage().events()) r.log.push_back({e.ms, e.what});

  const Listener::Heard& heard = Listener::heard;
  if (!heard.failed_expression.empty()) {
    r.result = c.stretch && lab.any_refused_its_command_line() ? Result::not_attempted : Result::failed;
    if (const play::Evidence* e = play::last_failure()) {
      r.expected = e->expected;
      r.actual = e->actual;
      r.lines = e->lines;
      r.diagnoses = e->diagnoses;
      r.by_hand = e->by_hand;
      // A verdict on a gate or another process does not know who started it; where there is one program, it was that.
      if (const auto& actors = lab.stage().actors(); r.by_hand.empty() && actors.size() == 1)
        r.by_hand = lab.stage().by_hand(actors.front());
    } else {
      r.actual = heard.failed_expression;
    }
  } else if (!heard.exception.empty()) {
    r.result = Result::could_not_check;
    r.actual = heard.exception;
  } else if (heard.assertions == 0) {
    r.result = Result::could_not_check;
    r.actual = "the case asserts nothing";
  } else {
    r.result = Result::passed;
  }
  return r;
}

}  // namespace grade
