// Lab 06: what a launcher says and does, as its checks ask for it. A diagnosis is named only where what it said, and what
// the kernel shows at that moment, leave one cause. Knows nothing of the stories made of these words.
#pragma once

#include <functional>
#include <string>

#include "check.hpp"


namespace launching {

using play::Group;
using play::Program;
using play::BeforeCall;
using play::Verdict;

/// Standard error of a launcher on a terminal goes to a file, so that it can be kept apart from what it prints.
room::Order errors_to(const std::string& file);
/// One line each: no such job, a wrong line, no such command.
Verdict complaints_come_to(const std::string& file, long wanted);

/// The rest of the line that it is printing is `news`.
Verdict goes_on_with(Program& jobs, const std::string& news);
/// "[1] done 0" is said this often, and no more when nothing moves any longer.
Verdict says(const Program& jobs, const std::string& news, int times);
/// Not all of the job is stopped, and nothing is said of a stop when nothing moves any longer.
Verdict says_no_stop(const Program& jobs);
/// A job has been seen to stop: it says so.
Verdict notices(Program& jobs, const std::string& news, const std::string& otherwise = "process/stop-not-noticed");
/// `stty -a`, which runs on its terminal, says this word: "echo" or "-echo".
Verdict stty_says(Program& jobs, const std::string& word);

/// No job is in front any more.
Verdict has_the_terminal_again(const Program& jobs);
/// Its child does not go on as a second launcher.
Verdict has_no_double(const Program& jobs);
/// Neither ended nor stopped when nothing moves any more.
Verdict lives_on(Program& jobs);
/// The terminal has gone: it ends.
Verdict hears_the_hang_up(const Program& jobs);
/// A signal that a stopped job does not hear yet was sent to it. If it went on, or has ended, SIGCONT came with it.
Verdict is_stopped_still(const Group& job);

/// Who is held before a call: the launcher itself, or the processes it has made.
BeforeCall::Whom launcher(const Program& jobs);
BeforeCall::Whom children_of(const Program& jobs);

/// It has printed this already.
std::function<bool()> said(const Program& jobs, const std::string& text);

}  // namespace launching
