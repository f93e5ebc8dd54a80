// strace's report of a program and all below it, made readable: the last calls of the student's own code, as C.
// Knows the report's form (strace(1)), not who wrote it or what for.
#pragma once

#include <string>
#include <vector>

namespace play {

/// What strace is asked to write, besides -f and -o: everything but memory and what only the loader needs.
std::vector<std::string> options_for_calls();

/// The last `most` events, "pipeline 3   close(4) = 0", of the processes that run `program`: what another program does after an
/// execve(2) is not theirs. In some of the places stand decisive ones from before (a refusal; which object is meant), then "...".
/// What is not finished is marked as what it is: still inside that call.
std::vector<std::string> calls_in(const std::string& report, const std::string& program, size_t most);

}  // namespace play
