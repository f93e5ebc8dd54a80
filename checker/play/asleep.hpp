// Small questions about a program that ought to be asleep: has it come to its sleep; has a signal reached it; has it
// read what is there. (Whether it goes on sleeping is Observed::sleeps.) Free functions, because none of them belongs to
// what a program prints or how it ends.
#pragma once

#include "play/program.hpp"

namespace play {

/// Waits until it sleeps in a call again, so that what is sent next does not meet it on its way there by chance. A
/// program that never sleeps is not waited for: it has used CPU time instead.
void let_it_settle(Stage& stage, const Observed& who);

/// Waits until the signal is not pending any more: a handler has run, or the program has read it.
Verdict has_taken(Stage& stage, const Observed& who, int signal);

/// Waits until nothing is left in the pipe that is its input.
Verdict has_read_its_input(Stage& stage, const Program& program);

}  // namespace play
