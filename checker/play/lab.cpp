#include "play/lab.hpp"

#include <algorithm>
#include <stdexcept>
#include <unistd.h>

#include "base/text.hpp"
#include "play/start/calls.hpp"

namespace play {

Lab lab;

namespace {
std::vector<std::string> split_words(const std::string& words) {
  return words.empty() ? std::vector<std::string>{} : base::split(words, ' ');
}
}  // namespace

void Lab::open(Testbed& testbed, std::vector<std::string> programs, std::uint32_t seed) {
  dice_.seed(seed);
  traces_calls_ = false;
  reports_.clear();
  testbed_ = &testbed;
  programs_ = std::move(programs);
}

Testbed& Lab::testbed() const {
  if (!testbed_) throw std::logic_error("the lab is not open: a check runs in a room");
  return *testbed_;
}

std::string Lab::word(int length) {
  std::string text;
  for (int i = 0; i < length; ++i) text += static_cast<char>('a' + dice_() % 26);
  return text;
}

int Lab::some_status() { return std::uniform_int_distribution(3, 120)(dice_); }

// What is no plain start keeps its own way: a filter, a tracer or a descriptor of the check would not pass through strace.
Program Lab::start_one(const std::string& program, const std::vector<std::string>& words, room::Order order) {
  const bool plain = !order.prepare && order.environment.empty() && order.asks.empty() && testbed().room().rung() == room::Rung::namespaces;
  if (!traces_calls_ || !plain || !strace_is_here(testbed()))
    return {testbed(), testbed().start(program, words, Testbed::Tie::streams, std::move(order))};
  BelowStrace started = play::start_below_strace(testbed(), program, words, options_for_calls(), std::move(order));
  reports_.emplace_back(program, started.report());
  return started;
}

std::vector<std::string> Lab::last_calls(size_t most) const {
  constexpr size_t most_programs = 3;  // the last ones: what is found out is mostly about them
  const size_t programs = std::min(reports_.size(), most_programs);
  std::vector<std::string> lines;
  for (size_t i = reports_.size() - programs; i < reports_.size(); ++i)
    for (std::string& line : calls_in(reports_[i].second.text_so_far(), reports_[i].first, most / programs)) lines.push_back(std::move(line));
  return lines;
}

Program Lab::start(const std::string& words) { return start_one(programs_.at(0), split_words(words)); }
Program Lab::start(std::initializer_list<std::string> words) { return start_one(programs_.at(0), words); }
Program Lab::start_words(const std::vector<std::string>& words) { return start_one(programs_.at(0), words); }

Program Lab::start(const std::string& words, room::Order order) {
  return start_one(programs_.at(0), split_words(words), std::move(order));
}

Program Lab::start(std::initializer_list<std::string> words, room::Order order) {
  return start_one(programs_.at(0), words, std::move(order));
}

BelowStrace Lab::start_below_strace(const std::string& words, const std::vector<std::string>& options) {
  return play::start_below_strace(testbed(), programs_.at(0), split_words(words), options);
}

Program Lab::start_sanitized(const std::string& words) {
  return play::start_sanitized(testbed(), programs_.at(0), split_words(words));
}

Program Lab::start_on_terminal(const std::string& words) {
  return {testbed(), testbed().start(programs_.at(0), split_words(words), Testbed::Tie::terminal)};
}

Program Lab::start_on_terminal(const std::string& words, room::Order order) {
  return {testbed(), testbed().start(programs_.at(0), split_words(words), Testbed::Tie::terminal, std::move(order))};
}

Program Lab::start_below_session_leader(const std::string& words, room::Order order) {
  return play::start_below_session_leader(testbed(), programs_.at(0), split_words(words), Testbed::Tie::terminal, std::move(order));
}

Program Lab::start_program(const std::string& program, const std::string& words, room::Order order) {
  return start_one(program, split_words(words), std::move(order));
}

Program Lab::start_program(const std::string& program, const std::string& words) {
  return start_one(program, split_words(words));
}

std::string Lab::number_as_sender() const {
  return testbed().room().rung() == room::Rung::namespaces ? "0" : std::to_string(getpid());
}

bool Lab::any_refused_its_command_line() const {
  for (const Started& a : testbed().all_started())
    if (a.ending && !a.ending->by_signal && a.ending->status == 2 && a.out.text.empty()) return true;
  return false;
}

Lab::Member Lab::member(const std::string& name) { return {testbed(), name}; }

Verdict Lab::Member::is_there() {
  return comes_true("there is a process " + name_, [&] {
    for (const see::Process& p : testbed_->family())
      if (p.stat.name == name_ && !p.ended()) pid_ = p.pid();
    return pid_ != 0;
  });
}

}  // namespace play
