// Lab 06: what a launcher says and does, as its checks ask for it. A diagnosis is named only where what it said, and what
// the kernel shows at that moment, leave one cause. Knows nothing of the stories made of these words.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "check.hpp"

namespace launching {

using play::Group;
using play::Program;
using play::BeforeCall;
using play::Verdict;

/// Drawn by the seed, so that no answer can be known before: a word as it is typed, and in capitals; some of these signals,
/// in any order; a signal as kill(1) may name it, "TERM", "SIGTERM" or "15".
std::pair<std::string, std::string> drawn_word();
std::vector<int> drawn_from(std::vector<int> signals, size_t how_many);
std::string drawn_name(int signal);

/// Standard error of a launcher on a terminal goes to a file, so that it can be kept apart from what it prints.
room::Order errors_to(const std::string& file);
/// The system refuses it every new process (EAGAIN).
room::Order without_processes(room::Order order);
/// So many lines have come there; `which` is for a person.
Verdict complaints_come_to(const std::string& file, long wanted, const std::string& which);

/// Its command is a child of its own, and was not made by a shell.
Verdict is_started_by(Program& jobs, const play::Gate& command);
/// Holds nobody, and notes which children of the launcher were a shell when they asked the kernel who they are, as shells do
/// when they begin: one that then replaces itself by the command is not seen later. Then: it has noted none.
BeforeCall::Whom notes_shells(const Program& jobs, std::vector<std::string>& found);
Verdict has_no_shell_between(const std::vector<std::string>& found);
/// Whether a command is in the group that was announced, and has not stayed in the launcher's.
bool is_in_its_own_group_of(const Program& jobs, const play::Gate& command);
/// If it failed, and the kernel shows why: a child left the session, or somebody is stopped in tcsetpgrp().
Verdict explained(const Program& jobs, Verdict verdict);

/// The rest of the line that it is printing is `news`.
Verdict goes_on_with(Program& jobs, const std::string& news);
/// That line takes the status word for this exit status; says "done" in whatever way.
bool takes_the_word_for_the_status(const Program& jobs, int status);
bool says_done(const Program& jobs);
/// It has said this so often, and no more when nothing moves any longer or all its time is spent.
Verdict says(const Program& jobs, const std::string& news, int times);
/// It has not said this since, when nothing moves any longer; `expected` says why not.
Verdict keeps_silent(const Program& jobs, const std::string& news, const std::string& expected);
/// A job has been seen to stop: it says so.
Verdict notices(Program& jobs, const std::string& news, const std::string& otherwise = "process/stop-not-noticed");
/// `stty -a`, which runs on its terminal, says this word: "echo" or "-echo".
Verdict stty_says(Program& jobs, const std::string& word);

/// When nothing moves any more, so that it is not too early, the group still has the terminal.
Verdict is_in_front_still(const Group& job);
/// No job is in front any more.
Verdict has_the_terminal_again(const Program& jobs);
/// Of many children that have ended at once, none is left; it has been seen to wait for one that ended alone.
Verdict has_waited_for_all_at_once(const Program& jobs);
/// Its child does not go on as a second launcher.
Verdict has_no_double(const Program& jobs);
/// Neither ended nor stopped when nothing moves any more.
Verdict lives_on(Program& jobs);
/// The same after a key that was for others. Whether it has the terminal again is not asked: it may be stopped while it asks.
Verdict is_spared(Program& jobs);
/// The terminal has gone: it ends.
Verdict hears_the_hang_up(const Program& jobs);
/// If it failed, and the launcher sleeps in a wait for its children instead.
Verdict unless_it_waits(const Program& jobs, Verdict ended);
/// A signal that a stopped job does not hear yet was sent to it. If it went on, or has ended, SIGCONT came with it.
Verdict is_stopped_still(const Group& job);

/// Who is held before a call: the launcher itself, or the processes it has made.
BeforeCall::Whom launcher(const Program& jobs);
BeforeCall::Whom children_of(const Program& jobs);

/// It has printed this already.
std::function<bool()> said(const Program& jobs, const std::string& text);

}  // namespace launching
