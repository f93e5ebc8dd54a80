// How a program waits on a word of shared memory: asleep and not by a clock, woken by the other side, and looking again
// when it was woken for nothing. What lies in the memory is not known here.
#pragma once

#include "play/object/shared_memory.hpp"
#include "play/subject/program.hpp"

namespace play {

/// Waits until it sleeps in futex, on a word of the object that others can wake it on. A time-out is allowed. Draws
/// memory/looks-by-a-clock where it only naps, memory/busy-wait where it does not sleep at all.
Verdict waits_on(Testbed& testbed, const SharedMemory& object, const Program& who);

/// Where its sleep has a time-out, it does not look more often than it may: about ten times a second. Draws
/// memory/looks-by-a-clock. A sleep without one passes at once.
Verdict seldom_looks_by_itself(Testbed& testbed, const Program& who);

/// Whether it sleeps in futex with a time-out now: then a wake-up that was forgotten only makes it late.
bool sleeps_with_a_timeout(const Program& who);

/// Whether the call that this thread is held before would sleep on a word: not one that wakes, or asks.
bool is_about_to_sleep(pid_t tid, long call);

/// A failed verdict about a program that hangs: what its sleep on a word of the object proves is named. A word that is
/// not any more what it was when it fell asleep: memory/not-woken. A word that no other process can wake it on:
/// memory/private-futex, memory/private-copy.
Verdict unless_woken(Verdict verdict, const SharedMemory& object, const Observed& who);

/// Wakes it for nothing: it goes back to sleep on a word of the object, and has done nothing else. Draws
/// memory/woken-for-nothing.
Verdict looks_again(Testbed& testbed, const SharedMemory& object, const Program& who);

/// The same without a verdict: woken for nothing, it has done what it does then, and sleeps again or has ended.
void wake_and_settle(Testbed& testbed, const SharedMemory& object, const Program& who);

}  // namespace play
