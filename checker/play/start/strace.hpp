// strace as a helper of the check: a program started below it, or one it is attached to, with calls delayed, failed
// or reported (strace(1), "inject"). Its own waiting never counts as motion.
#pragma once

#include <string>
#include <vector>

#include "play/subject/program.hpp"

namespace play {

/// Whether this machine has strace and lets it trace. Where not, a check that needs it throws `could not be checked`.
bool strace_is_here(const Testbed& testbed);

/// Starts `program` below strace with these options ("-e", "inject=fork:delay_exit=50000"); its report goes to the
/// file `report`, in the working folder where it is no whole path. The Program's pid is the student's, its ending is passed on by strace.
Program start_below_strace(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                           const std::vector<std::string>& options, room::Order order = {},
                           const std::string& report = "strace.out");

/// Attaches strace to a running process and waits until it is held. Its report goes to `report`, in the working folder.
void attach_strace(Testbed& testbed, const Observed& subject, const std::vector<std::string>& options,
                   const std::string& report);

}  // namespace play
