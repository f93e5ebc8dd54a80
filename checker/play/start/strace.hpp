// strace as a helper of the check: a program started below it, or one it is attached to, with calls delayed, failed
// or reported (strace(1), "inject"). Its own waiting never counts as motion.
// What it reports lies in memory that the check has made (memfd_create(2)) and has no name. Where the room has a user namespace,
// strace has a right there that programs lack (CAP_SYS_PTRACE), so that none can trace it or get at its descriptors. A
// program can still end or stop it, as it can any process of its user: that is seen, and is the program's failure.
#pragma once

#include <string>
#include <vector>

#include "play/subject/program.hpp"

namespace play {

/// Whether this machine has strace and lets it trace. Where not, a check that needs it throws `could not be checked`.
bool strace_is_here(const Testbed& testbed);

/// What one strace reports.
class Report {
 public:
  Report(Testbed& testbed, const Started& strace) : testbed_(&testbed), strace_(&strace) {}
  /// All of it so far. Throws Obstructed where strace was ended or stopped, and cannot have told all.
  std::string text() const;
  /// The same, of whatever it had told.
  std::string text_so_far() const;

 private:
  Testbed* testbed_;
  const Started* strace_;
};

/// How many calls a report tells to have been tampered with ("inject", strace(1)).
long injected_in(const std::string& report);

class BelowStrace : public Program {
 public:
  BelowStrace(Testbed& testbed, Started& started) : Program(testbed, started), report_(testbed, started) {}
  const Report& report() const { return report_; }

 private:
  Report report_;
};

/// Starts `program` below strace with these options ("-e", "trace=rt_sigaction"). The Program's pid is the student's,
/// its ending is passed on by strace.
BelowStrace start_below_strace(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                               const std::vector<std::string>& options, room::Order order = {});

/// Attaches strace to a running process and waits until it is held.
Report attach_strace(Testbed& testbed, const Observed& subject, const std::vector<std::string>& options);

}  // namespace play
