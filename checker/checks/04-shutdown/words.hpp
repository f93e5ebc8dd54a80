// Lab 04: the words of its checks. A job is a gate: CONFIG `gate g true` and the line `one` make the job
// `gate g true one`, which stands at the FIFO g until the check opens it, and then is `true one`. Knows no story.
#pragma once

#include <string>

#include "check.hpp"

namespace shutdown {

using play::Program;
using play::Verdict;

/// Writes CONFIG; starts a steady with it, on a STATE of its own: what an earlier one has left is the affair of other
/// cases.
void configure(const std::string& line);
Program steady_with(const std::string& config, room::Order order = {});

/// Every signal is sent to a program that sleeps: what comes on its way there is the affair of a few cases alone.
void send_when_asleep(const Program& program, int signal);
/// Stopped, sent all of them, and let go on: they come at one instant.
void send_at_once(const Program& program, const std::vector<int>& signals);

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
Verdict does_again(Program& steady, const std::string& text, const char* diagnosis = "process/job-forgotten");

}  // namespace shutdown
