#include "play/lab.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace play {

Lab lab;

namespace {
std::vector<std::string> split_words(const std::string& words) {
  return words.empty() ? std::vector<std::string>{} : base::split(words, ' ');
}
}  // namespace

void Lab::open(Testbed& testbed, std::vector<std::string> programs, std::uint32_t seed) {
  dice_.seed(seed);
  testbed_ = &testbed;
  programs_ = std::move(programs);
}

Testbed& Lab::testbed() const {
  if (!testbed_) throw std::logic_error("the lab is not open: a check runs in a room");
  return *testbed_;
}

Program Lab::start(const std::string& words) {
  return {testbed(), testbed().start(programs_.at(0), split_words(words), Testbed::Tie::streams)};
}

Program Lab::start(std::initializer_list<std::string> words) {
  return {testbed(), testbed().start(programs_.at(0), words, Testbed::Tie::streams)};
}

Program Lab::start_words(const std::vector<std::string>& words) {
  return {testbed(), testbed().start(programs_.at(0), words, Testbed::Tie::streams)};
}

Program Lab::start(const std::string& words, room::Order order) {
  return {testbed(), testbed().start(programs_.at(0), split_words(words), Testbed::Tie::streams, std::move(order))};
}

Program Lab::start(std::initializer_list<std::string> words, room::Order order) {
  return {testbed(), testbed().start(programs_.at(0), words, Testbed::Tie::streams, std::move(order))};
}

Program Lab::start_below_strace(const std::string& words, const std::vector<std::string>& options) {
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
  return {testbed(), testbed().start(program, split_words(words), Testbed::Tie::streams, std::move(order))};
}

Program Lab::start_program(const std::string& program, const std::string& words) {
  return {testbed(), testbed().start(program, split_words(words), Testbed::Tie::streams)};
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
