// Lab 04: the words of its checks. A job is a gate: CONFIG `gate g true` and the line `one` make the job
// `gate g true one`, which stands at the FIFO g until the check opens it, and then is `true one`. Knows no story.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "check.hpp"

namespace shutdown {

using play::Program;
using play::Verdict;

/// steady, whose failures tell what the kernel shows of their cause, whichever check it was that met it: a handler that is
/// gone, a signal kept out by the mask of the sleep, a pipe of its own that it reads dry, an interruption misread.
class Steady : public Program {
 public:
  explicit Steady(Program program);

  Verdict prints(const std::string& text) { return told(Program::prints(text)); }
  Verdict prints_next(const std::string& text) { return told(Program::prints_next(text)); }
  Verdict prints_only(const std::string& text) { return told(Program::prints_only(text)); }
  Verdict prints_in_any_order(const std::vector<std::string>& lines) { return told(Program::prints_in_any_order(lines)); }
  Verdict prints_nothing_more() { return told(Program::prints_nothing_more()); }
  Verdict exits_with(int status) { return told(Program::exits_with(status)); }
  Verdict dies_of(int signal) { return told(Program::dies_of(signal)); }
  /// It has gone to sleep again, and has not ended; has printed nothing that was not looked at. Unlike stays_alive and
  /// prints_nothing_more, these do not wait for a program that wakes by a clock: that is one case's affair.
  Verdict lives();
  Verdict says_nothing();
  /// Its job comes to the gate.
  Verdict brings_to(play::Gate& gate) { return told(gate.is_reached()); }
  Verdict has_taken(int signal) { return told(Program::has_taken(signal)); }

  /// Sends it a signal as it sleeps: what comes on its way there is the affair of a few cases alone.
  void tell(int signal);
  /// Stopped, sent all of them, and let go on: they come at one instant. In between happens `meanwhile`.
  void tell_at_once(const std::vector<int>& signals, const std::function<void()>& meanwhile = [] {});
  /// The signal goes to its whole process group, as from a terminal.
  void tell_its_group(int signal);

 private:
  Verdict told(Verdict verdict);

  struct Known {
    play::Handlers handlers;
    std::set<int> sent;  ///< the signals that the check has sent to it
  };
  std::shared_ptr<Known> known_;
};

/// Writes CONFIG; starts a steady with it, on a STATE of its own: what an earlier one has left is the affair of other
/// cases.
void configure(const std::string& line);
Steady steady_with(const std::string& config, room::Order order = {});
/// The same with CONFIG and STATE as they are.
Steady steady_again(room::Order order = {});
/// On a terminal, of which it is the session's leader.
Program on_a_terminal(const std::string& config);

/// For a failure: a hint, where `end` was said of a job that the check holds at its gate.
extern const char* const too_early;

/// A word that no program can know before.
std::string nonce();
/// "status N idle", for whatever N: how many is one case's affair.
std::string any_status(const std::string& rest);

/// Lets the job go on. A wrong program may have killed it meanwhile: then nobody stands there, and what the program
/// says of the job's end tells it.
void let_go(play::Gate& gate);

/// steady is known to have ended by then, so a job that lives is the whole finding.
Verdict ends_too(const play::Gate& job, const char* diagnosis);

/// Its lines about jobs, among all that it has printed.
Verdict reports_jobs(const Program& steady, const std::string& expected);
/// It starts no job.
Verdict starts_nothing(const Program& steady);

/// Prints this next. A job that is neither started nor done again is forgotten: `diagnosis` says by what.
Verdict does_again(Steady& steady, const std::string& text, const char* diagnosis = "process/job-forgotten");

}  // namespace shutdown
