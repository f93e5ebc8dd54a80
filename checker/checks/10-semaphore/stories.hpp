// Lab 10: the stories, each told of one kind of semaphore: so each half of the lab has cases of its own. A story asks for
// nothing on its way that another one is about: whether a permit comes back is asked where that is the question, and
// elsewhere commands stand at their gates to the end. Each CHECKs by itself, as a case does.
#pragma once

#include "answers.hpp"

namespace permits {

// How many may enter (count.cpp).
void the_first_makes_them(Kind kind);
void who_finds_none_sleeps(Kind kind);
void stat_tells_and_drop_ends(Kind kind);
void comes_back_however_it_ends(Kind kind);
void never_more_always_all(Kind kind);
void a_later_n_is_ignored(Kind kind);

// What comes between (between.cpp): two at one moment, a signal, the end of a holder, a drop.
void two_first_ones(Kind kind);
void killed_while_it_waits(Kind kind);
void interrupted_while_it_waits(Kind kind);
void at_once_or_not_at_all(Kind kind);
void dropped_while_in_use(Kind kind);
/// With --posix the permit is lost.
void killed_while_its_command_runs();
/// With --sysv the kernel gives it back.
void killed_and_undone();

}  // namespace permits
