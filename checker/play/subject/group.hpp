// A process group as a launcher announces it: told by its number, then looked at in /proc. Its verdicts are about all
// of its members together. Knows nothing of jobs, their numbers or what is said about them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "play/subject/program.hpp"

namespace play {

class Group {
 public:
  Group(Testbed& testbed, std::string name) : testbed_(&testbed), name_(std::move(name)) {}

  /// Waits until the program prints `before`, a number and the end of the line: that number is the group's.
  Verdict is_announced_by(Program& program, const std::string& before);

  /// Every child that `program` has at this moment, ended or not, is in it. Does not wait.
  Verdict has_every_child_of(const Observed& program) const;
  /// Waits until its living members are exactly these, by name.
  Verdict has_members(std::vector<std::string> names) const;
  /// Waits until all its living members are stopped; until none is.
  Verdict is_stopped() const;
  Verdict goes_on() const;
  /// Waits until it is the foreground group of its members' terminal; until another one is.
  Verdict is_in_front() const;
  Verdict is_behind() const;
  /// Waits until the signal is pending for every living member.
  Verdict has_pending(int signal) const;
  /// Waits until no member lives.
  Verdict is_gone() const;

  /// Sends a signal to all of it.
  void send(int signal) const;

 private:
  std::string label() const;  ///< "job 1, group 42,"
  std::vector<see::Process> members() const;
  bool all(const std::function<bool(const see::Process&)>& is_so) const;
  /// Waits for `condition`. What came instead is told of its members: `actual`, then one line for each.
  Verdict comes_true(const std::string& expected, const std::string& actual,
                     const std::function<bool()>& condition) const;

  Testbed* testbed_;
  std::string name_;
  see::InnerPid inside_;  ///< as programs number it
};

}  // namespace play
