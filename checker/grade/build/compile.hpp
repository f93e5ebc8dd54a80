// From sources to a program: one compiler call in a room of its own. The compiler is a stranger's program too once it reads
// a stranger's text. What becomes of the executable is not known here.
#pragma once

#include <string>
#include <vector>

#include "grade/build/source.hpp"
#include "room/rung.hpp"

namespace grade {

/// A program, and what the compiler warns of in the student's own files: a line each, escaped.
struct Built {
  std::string executable;
  std::vector<std::string> warnings = {};
};

/// Seconds of the wall clock that a compilation may take, before patience.
constexpr double longest_compilation = 300;

/// In a worker: what was built, or what is wrong with the student's text, as one string for the way to the grader.
/// Throws where the machine is what failed: the compiler was killed, or it ended for no reason in the text.
std::string compile(const Source& source, room::Rung rung, const std::string& scratch, double patience);

/// In the grader: what compile() answered. Throws StudentsTrouble with the compiler's first errors.
Built built_in(const std::string& answer);

/// Those lines of a compiler's words that warn of something in one of these files.
std::vector<std::string> warnings_in(const std::string& said, const Files& files);

/// What a person reads first of a compiler's words: its errors, those of the linker and the assembler too.
std::string first_errors(const std::string& said);

/// Whether a compiler that ended without an executable says that the text is what is wrong (and not, say, that it was killed).
bool blames_the_text(const std::string& said);

}  // namespace grade
