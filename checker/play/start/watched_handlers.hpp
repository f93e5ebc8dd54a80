// Watches what a program's signal handlers call: the order that starts it with our library (unsafe_calls.cpp) loaded
// before its own, and the verdict. A program that is linked statically is not seen into, and passes.
#pragma once

#include "play/subject/program.hpp"

namespace play {

/// For Lab::start. What the program itself starts is not watched.
room::Order with_watched_handlers(Testbed& testbed);

/// Until now no handler has called what is not async-signal-safe; otherwise draws signal/unsafe-call.
Verdict calls_only_safe_functions(const Program& program);

}  // namespace play
