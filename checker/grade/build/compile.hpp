// From sources to a program: one compiler call in a room of its own. The compiler is a stranger's program too once it reads
// a stranger's text. What becomes of the executable is not known here.
#pragma once

#include <string>

#include "grade/build/source.hpp"
#include "room/rung.hpp"

namespace grade {

/// In a worker: the executable's bytes, or what is wrong with the student's text, as one string for the way to the grader.
/// Throws where the machine is what failed: the compiler was killed, or it ended for no reason in the text.
std::string compile(const Source& source, room::Rung rung, const std::string& scratch, double patience);

/// In the grader: what compile() answered. Throws StudentsTrouble with the compiler's first errors.
std::string executable_in(const std::string& answer);

/// Whether a compiler that ended without an executable says that the text is what is wrong (and not, say, that it was killed).
bool blames_the_text(const std::string& said);

}  // namespace grade
