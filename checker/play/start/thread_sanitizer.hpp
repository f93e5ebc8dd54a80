// A program built a second time with ThreadSanitizer, which watches every load and store of its threads and reports two
// that nothing orders (a data race), whether or not it did harm this time. The grader builds it for cases marked
// `sanitized()`. It sees the threads of one process only: between processes it knows nothing.
#pragma once

#include <string>

#include "play/subject/program.hpp"

namespace play {

/// What the build of `program` is called.
std::string sanitized_name(const std::string& program);

/// Starts it so that it ends at its first race. Without a limit on addresses, of which it maps terabytes, and without
/// their being random, which older runtimes refuse where vm.mmap_rnd_bits is above 28.
Program start_sanitized(Testbed& testbed, const std::string& program, const std::vector<std::string>& words);

/// It has reported no race, up to now: ask when it has ended. Draws memory/race. Fails too where the program speaks to the sanitizer (by a function of
/// __tsan_default_options' kind). Throws where the sanitizer itself could not work. What is not seen: a program that finds out in
/// which build it runs, by its own name in /proc or what it has mapped; and what it loads and stores in assembler.
Verdict has_no_race(const Testbed& testbed, const Program& program);

}  // namespace play
