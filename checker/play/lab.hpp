// `lab`: what a check file acts on. Starts the student's programs and sets up gates and files around them.
#pragma once

#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "play/object/files.hpp"
#include "play/subject/gate.hpp"
#include "play/subject/group.hpp"
#include "play/start/session_leader.hpp"
#include "play/subject/program.hpp"
#include "play/start/thread_sanitizer.hpp"
#include "play/start/strace.hpp"

namespace play {

class Lab {
 public:
  /// Done once by the grader, before the case runs. `programs` are the lab's own, the first is the one `start` means.
  void open(Testbed& testbed, std::vector<std::string> programs, std::uint32_t seed = 0);

  /// Starts the lab's first program with these words, on pipes. A string is split at spaces.
  Program start(const std::string& words);
  Program start(std::initializer_list<std::string> words);
  Program start_words(const std::vector<std::string>& words);
  /// The same on a terminal of its own.
  Program start_on_terminal(const std::string& words);
  Program start_on_terminal(const std::string& words, room::Order order);
  /// The same below a leader that gives it a group and the terminal, as a shell would.
  Program start_below_session_leader(const std::string& words, room::Order order = {});
  /// Another program of the lab, or a helper of the tests.
  Program start_program(const std::string& program, const std::string& words);
  Program start_program(const std::string& program, const std::string& words, room::Order order);
  /// With something of the check's making to inherit: Order::prepare, other limits, more of an environment.
  Program start(const std::string& words, room::Order order);
  Program start(std::initializer_list<std::string> words, room::Order order);
  /// Starts it below strace with these options.
  BelowStrace start_below_strace(const std::string& words, const std::vector<std::string>& options);

  /// The lab's first program, built with ThreadSanitizer (play/start/thread_sanitizer.hpp): for cases marked `sanitized()`.
  Program start_sanitized(const std::string& words);

  /// What programs see as the sender of a signal of the check's own: 0 where it comes from outside of their pid namespace
  /// (pid_namespaces(7)), its pid where there is none.
  std::string number_as_sender() const;

  Gate gate(const std::string& name) { return Gate(testbed(), name); }

  /// A process group that a program will announce; `name` is how verdicts call it.
  Group group(const std::string& name) { return {testbed(), name}; }

  /// A file in the working folder of check and programs.
  File file(const std::string& name) { return {testbed(), name}; }
  /// Writes down what a check does by itself, so that a failure shows it.
  void note(const std::string& what) { testbed().note_act(what); }
  /// Numbers for what a check varies: the same each time, unless the run was given a seed.
  std::mt19937& dice() { return dice_; }
  /// Drawn from it: small letters that no program can know before; the exit status of a command, which means nothing to anybody.
  std::string word(int length);
  int some_status();

  /// A process below the programs, found by its name and the words it was started with.
  class Member;
  Member member(const std::string& name);

  /// Whether a program has ended with status 2 and printed nothing: it does not know the option it was given.
  bool any_refused_its_command_line() const;

  /// From now on every program that is started plainly runs below strace, where this machine can do that.
  void trace_calls() { traces_calls_ = true; }
  /// The last `most` calls of the programs so traced. Empty where none was.
  std::vector<std::string> last_calls(size_t most) const;

  /// The evidence of the CHECK that failed; nothing where none has.
  const std::optional<Evidence>& failure() const { return failure_; }
  void remember(const Evidence& evidence) { failure_ = evidence; }

  Testbed& testbed() const;

 private:
  Program start_one(const std::string& program, const std::vector<std::string>& words, room::Order order = {});

  Testbed* testbed_ = nullptr;
  bool traces_calls_ = false;
  std::vector<std::pair<std::string, Report>> reports_;  ///< program, and what strace reports of it
  std::mt19937 dice_;
  std::optional<Evidence> failure_;
  std::vector<std::string> programs_;
};

/// A process that a program started, by name (stat's comm, at most 15 characters).
class Lab::Member : public Observed {
 public:
  Member(Testbed& testbed, std::string name) : Observed(testbed), name_(std::move(name)) {}
  pid_t known_pid() const override { return pid_; }
  std::string name() const override { return name_; }
  /// Waits until it exists.
  Verdict is_there();

 private:
  std::string name_;
  pid_t pid_ = 0;
};

extern Lab lab;

}  // namespace play
