// Lab 07: how `dispatch` is started on a queue, and what a failure of its shows. A diagnosis is named only where the queue, or
// what has become of the program, show that one mistake. Knows no story.
#pragma once

#include <string>
#include <vector>

#include "check.hpp"

namespace dispatch {

using play::Evidence;
using play::Message;
using play::PosixQueue;
using play::Program;
using play::Verdict;
using Sizes = PosixQueue::Sizes;
using Words = std::vector<std::string>;

/// Text, and sizes of a queue, that no program can know before it is started.
std::string some_text(const std::string& begins);
Sizes some_sizes();

/// Starts one verb on a queue, with options before its name. A send has all of its input at once.
Program start_on(const PosixQueue& jobs, const std::string& verb, const Words& options = {});
Program send_all(const PosixQueue& jobs, const std::string& input, const Words& options = {});
/// Starts `work`, which prints, or runs a command for each message; with something to inherit no word may hold a space.
Program work_on(const PosixQueue& jobs, const Words& command = {});
Program work_given(const PosixQueue& jobs, room::Order order, const Words& command = {});
/// Waits until it sleeps on the queue, or has ended, or waits by a clock, or never sleeps at all.
void let_it_wait(const PosixQueue& jobs, const Program& who);

/// Makes the queue, as the check, so that nobody needs a `make` of the program.
void set_up(const PosixQueue& jobs, const Sizes& sizes);
/// Puts these in, with priority 0. There must be room.
void put_all(const PosixQueue& jobs, const std::vector<std::string>& texts);

/// What was in the queue is exactly this, in this order, with whatever priorities. Takes it out.
Verdict held_texts(const PosixQueue& jobs, const std::vector<std::string>& texts);
/// The next one in it begins so, whatever its priority: how it ends is another case's. Takes it out.
Verdict next_begins_with(const PosixQueue& jobs, const std::string& text);
/// It ends with 0, and has printed nothing.
Verdict is_done(Program& program);
/// Whether this failed because the program has ended, and not by a signal: it has taken something for an end or an error.
bool ended_by_itself(const Program& program, const Verdict& verdict);
/// The next it prints is this message. Where it waits for it somewhere else, that is said.
Verdict prints_message(const PosixQueue& jobs, Program& work, const std::string& text);
/// It goes on, asleep somewhere and not by a clock.
Verdict sleeps_at_all(const Program& program);
/// It goes on, asleep on the queue and not by a clock.
Verdict waits_for_work(const PosixQueue& jobs, const Program& work);
/// A message comes, and is taken by the check just before its mq_receive(). False where it slept in that call, and has got it.
bool finds_it_taken(const PosixQueue& jobs, const Program& work, play::BeforeCall& taking);
/// Told to stop while it waits for work, it ends with 0.
Verdict stops(const PosixQueue& jobs, Program& work);
/// Ends its sleep for nothing, by a stop and by EINTR. A poll(2) that was stopped waits in restart_syscall(2), and for how long
/// cannot be seen: so what comes next must show that it has gone on.
void interrupt(const Program& who);

}  // namespace dispatch
