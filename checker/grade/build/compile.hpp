// From a student's folder to a program: one compiler call in a room of its own, repeated only when the sources, the
// flags or the compiler have changed. The compiler is a stranger's program too once it reads a stranger's text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "room/rung.hpp"

namespace grade {

/// One program to build, and where it goes.
struct Source {
  std::string name;        ///< "pipeline", from pipeline.cpp
  bool sanitized = false;  ///< with ThreadSanitizer: a second executable beside the plain one
  std::vector<std::pair<std::string, std::string>> files;  ///< name and text of every source file of its folder
  std::string target;                                      ///< the executable; its key lies beside it
};

/// Reads the folder. Throws std::runtime_error with a sentence for a person when the program's file is not there or
/// is no ordinary file of a sensible size.
Source read_source(const std::string& folder, const std::string& name, const std::string& target);

/// The same program built with ThreadSanitizer, and what it is called in a room (play/sanitized.hpp).
Source sanitized(Source source);
std::string installed_name(const Source& source);

/// Whether the executable is there and was made from just this.
bool is_fresh(const Source& source);

/// In a worker: the executable's bytes. Throws std::runtime_error with the compiler's first errors.
std::string compile(const Source& source, room::Rung rung, const std::string& scratch, double patience);

/// Puts the executable in place, then its key.
void keep(const Source& source, const std::string& executable);

}  // namespace grade
