// Processes of the room as they are at one look, by the number that this machine gives them: for a check that decides
// what to do next. Looks only, and does not wait; verdicts are Observed's.
#pragma once

#include <string>
#include <vector>

#include "play/testbed/testbed.hpp"
#include "see/pids.hpp"

namespace play {

using see::InnerPid;

struct Seen {
  pid_t pid;
  see::InnerPid inside;
  std::string name;
  bool ended, stopped;
};

/// The children of a process, those that have ended and were not waited for among them.
std::vector<Seen> children_of(pid_t parent);
/// What the room calls it; 0 when it has gone.
see::InnerPid inside(pid_t pid);
/// What the room calls its parent; 0 when it has gone.
see::InnerPid parent_inside(pid_t pid);
/// The name of the program that it executes (stat's comm), and its parent; empty, 0 when it has gone.
std::string program_of(pid_t pid);
pid_t parent_of(pid_t pid);
/// It belongs to the same session as that one.
bool shares_session(pid_t pid, pid_t other);
/// It is stopped (state T) in this very call, which was not carried out: a signal that the call itself has brought.
/// `request` narrows ioctl(2) to one of its requests.
bool is_stopped_in(pid_t pid, long call, unsigned long request = 0);
/// It has ended, or has gone altogether.
bool has_ended(pid_t pid);
/// It is in no table any more: somebody has waited for it.
bool has_gone(pid_t pid);

/// It sleeps until something can be read from a pipe, and nobody but `writer` has that pipe's write end: what wakes it is
/// that one's word, or its end-of-file.
bool hears_only(const Testbed& testbed, pid_t pid, pid_t writer);
/// It has a pidfd of this process.
bool has_pidfd_of(pid_t pid, pid_t of);

/// What a file below /proc/sys says; empty where there is none.
std::string kernel_setting(const std::string& name);

/// "SIGTERM"; "setpgid". What the field calls a number.
std::string signal_name(int signal);
std::string call_name(long number);

}  // namespace play
