// Lab 10: how `limit` is started, and what a wrong answer shows. A diagnosis is named only where the kernel's counts, or what
// has become of the program, show that one mistake. Knows nothing of the stories made of these words.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check.hpp"


namespace permits {

using play::Program, play::Semaphore, play::Verdict;
using Words = std::vector<std::string>;

/// Both kinds, each with gates of its own: the letter begins their names.
struct Kinds {
  play::NamedSemaphore posix{lab.testbed()};
  play::SemaphoreSet sysv{lab.testbed()};
  std::vector<std::pair<Semaphore*, std::string>> all{{&posix, "p"}, {&sysv, "s"}};
};

/// The two halves of the lab.
enum class Kind { posix, sysv };
/// Permits that nobody has made yet.
std::unique_ptr<Semaphore> fresh(Kind kind);

/// The process that sleeps for a limit: itself, or a child that waits in its place.
struct Waiter : play::Observed {
  /// It was seen to wait. One that naps between its looks may not be found a second time.
  Waiter(const Semaphore& permits, const Program& limit) : Observed(lab.testbed()), pid_(permits.waiter_of(limit.pid())) {
    if (pid_ == 0) throw play::Obstructed("limit goes on waiting on " + permits.what(), "it has waited there, and does not any more");
  }
  pid_t known_pid() const override { return pid_; }
  std::string name() const override { return "limit"; }
  pid_t pid_;
};

/// The words of a command line: the kind of semaphore, options, its name, the command.
Words words_for(const Semaphore& permits, const Words& options, const Words& command);
/// Starts limit with N before a command, and with more options.
Program limit(const Semaphore& permits, int n, const Words& command, const Words& more = {});
/// Starts `limit stat` or `limit drop`.
Program ask(const Semaphore& permits, const std::string& verb);
/// Waits until it is inside, or asleep before that: on a semaphore, or by a clock.
void let_it_get_on(const Program& program, play::Gate& gate);

/// There are as many as this first one was told to make, or one less while its command runs: or for good, for what
/// becomes of a permit is another matter.
Verdict are_made(const Semaphore& permits, int n, const Program& first);
/// Its command stands at a gate, and so many are left. If none was taken: what does it do when there is none?
Verdict is_taken(const Semaphore& permits, int left);
/// From now on the name must stand for this very one.
void hold_on_to(Semaphore& permits);
/// None is free, and this one sleeps on the semaphore. Its command would stand at the gate.
Verdict waits(const Semaphore& permits, Program& program, play::Gate& gate);
/// `limit stat` says what the kernel counts.
Verdict tells(const Semaphore& permits);

/// It ends as its command did: with 128 + n, or of signal n itself. The number n alone is the wait status.
Verdict ends_as(Program& program, int status);
/// All permits are there when nobody has one. Which mistake it was shows in how many are missing.
Verdict has_all(const Semaphore& permits, int n);

/// The diagnosis is for a count, or a number of commands, that is higher than this one.
Verdict higher(Verdict verdict, const Semaphore& permits, int wanted, const char* diagnosis);
Verdict more(Verdict verdict, const play::Crowd& crowd, int wanted, const char* diagnosis);
/// A count that is too high, because they were set again? More limits, with an N of their own, show it.
Verdict set_again(Verdict verdict, const Semaphore& permits);
/// What semaphore 1 of a set counts, which many use to say that it is made; -1 where there is none.
int flag(const Semaphore& permits);
/// It sleeps on another semaphore of the set than that which holds the permits.
Verdict unless_on_another(Verdict verdict, const Semaphore& permits, const Program& program);
/// Nobody came in for the one that was killed: has its permit gone with it?
Verdict is_undone(Verdict verdict, const Semaphore& permits);
/// Its own end by a signal while it waits: nothing has run, so 0 would be a lie.
Verdict ends_without_success(Program& program);
/// It does not wait any more: it took the interruption for trouble, or for the end of its time, and ended.
Verdict gave_up(Verdict verdict, Program& program);
/// Waits until strace has made so many of its sleeps end with EINTR. Where it has not, nothing was checked.
void was_interrupted(const play::Report& report, int times);

/// For its maker alone.
Verdict is_private(const Semaphore& permits);
/// The command is limit itself, or its child.
Verdict is_itself_or_its_child(const play::Gate& command, const Program& program);

/// It took so long before it gave up; of the time that a sleep may last no more is left.
Verdict at_least(double seconds, double took);
Verdict at_most(double seconds, double left);

}  // namespace permits
