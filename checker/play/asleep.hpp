// Small questions about a program that ought to be asleep: is it, without a clock; has a signal reached it; has it read
// what is there. Free functions, because none of them belongs to what a program prints or how it ends.
#pragma once

#include "play/program.hpp"

namespace play {

/// All its threads sleep in the kernel, in calls that no clock ends, and it has no timer. Its children are not asked.
/// A clock draws process/woken-by-a-clock, a busy loop process/busy-loop. Throws where the kernel refuses the look.
Verdict sleeps_without_a_clock(Stage& stage, const Program& program);

/// Waits until it sleeps in a call again, so that what is sent next does not meet it on its way there by chance. A program
/// that never sleeps is not waited for: it has used CPU time instead.
void let_it_settle(Stage& stage, const Observed& who);

/// Waits until the signal is not pending any more: a handler has run, or the program has read it.
Verdict has_taken(Stage& stage, const Observed& who, int signal);

/// Waits until nothing is left in the pipe that is its input.
Verdict has_read_its_input(Stage& stage, const Program& program);

}  // namespace play
