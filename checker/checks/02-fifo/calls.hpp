// Lab 02: what a program has asked the kernel for, seen once more below strace. Asked only where it has failed already and the
// same failure has several causes, so that one is named where it was seen. Knows no story.
#pragma once

#include <string>
#include <vector>

#include "words.hpp"

namespace fifo {

/// Options for a program whose writing is to be seen, and each call that has written into PATH so far, as strace tells it.
std::vector<std::string> writing();
std::vector<std::string> calls_on(const Path& path, const play::BelowStrace& say);

/// What was seen. Nothing of it where this machine has no strace.
struct Calls {
  bool found_one = false;      ///< mkfifo() said EEXIST
  bool no_reader = false;      ///< open() said ENXIO
  bool end_of_file = false;    ///< read() of the FIFO gave 0
  bool try_again = false;      ///< read() of the FIFO said EAGAIN
  bool by_a_clock = false;     ///< it sleeps for a limited time: in poll(), or in a nap
};

/// Starts it anew, on another PATH, which is a FIFO already where `was_there`. Left::a_writer: one has come and gone.
Calls of_serve(bool was_there, Left left);
/// The same for `say --wait` where nobody reads.
Calls of_say_that_waits();

}  // namespace fifo
