// A program started below a small leader of the course's own, as a shell would start it: on a terminal it has a
// process group of its own, in front, and is not the session's leader; off it, the leader adopts its orphans.
// Why it matters: the kernel never stops a session leader's own group by a key, whatever it does about SIGTSTP.
#pragma once

#include <string>
#include <vector>

#include "play/subject/program.hpp"

namespace play {

/// The Program's pid is the student's; its ending is passed on by the leader.
Program start_below_session_leader(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                           Testbed::Tie tie, room::Order order = {});

}  // namespace play
