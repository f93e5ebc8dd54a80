// Lab 05: what the program says, and what a wrong answer shows. A diagnosis is named only where the answer, and what
// the kernel has pending at that moment, show one thing alone. Knows nothing of the stories made of these words.
#pragma once

#include <string>
#include <vector>

#include "check.hpp"

namespace delivery {

using play::Observed;
using play::Peer;
using play::Program;
using play::Verdict;
using Signals = std::vector<int>;

/// "USR1", "RTMIN+3"; the listed ones as a command line has them.
std::string name(int signal);
std::string words(const Signals& signals);
/// What `go` says of a signal that was sent by kill, or by sigqueue with a value; and its last line.
std::string line(int signal, const Peer& sender);
std::string line(int signal, const Peer& sender, int value);
std::string done(int number);

/// It has said ready, and waits for a word: one that holds its signals too late has done so by then, which is another case's.
Verdict is_ready(Program& order);
/// Types `go`, and expects this many, whatever is said of them. The same where `go` was typed when it had printed so much.
Verdict counts(Program& order, int number);
Verdict counted_since(Program& order, size_t before, int number);
/// Types `go` where so many wait, and compares what `done` says with the lines that came: whether all came is asked by others.
Verdict says_how_many(Program& order, int number);
/// Types `go` where nothing is pending: no call that it makes then waits until some time has passed. (`done` is asked by others.)
Verdict asks_no_clock(Program& order);
/// How much of a line is looked at: a story asks for no more than it is about. Of `12 USR2 from 7 value 3`: the number and
/// the name with the sender, `12 USR2 from 7`; with the value, `12 value 3`; the number alone, `12`; or all.
enum class Look { senders, values, numbers, all };
/// Types `go`, and expects these lines; with Look::all their number too, which `done` says. `way` is "" where handlers are meant.
Verdict lets_in(Program& order, const std::string& way, const std::string& lines, Look look = Look::all);
/// It blocks exactly these; one diagnosis for each way to miss that.
Verdict holds_only(const Observed& who, const Signals& signals, const std::string& if_missing,
                   const std::string& if_too_many);
/// After a `go` that ran handlers they are still there, as they were before: so the next one is handled too.
Verdict handlers_stay(const Program& order, bool had_them, const Signals& listed);
/// What is pending at the end is nobody's: blocked, it cannot end the program either.
Verdict ends_with_some_pending(Program& order);

/// Adds at most ten lines of a text, each set in, below a title.
void show(std::vector<std::string>& lines, const std::string& title, const std::string& text);

}  // namespace delivery
