// The sources of one lab in a student's tree, read once. A student's folder is a stranger's: only ordinary files that lie in
// it are opened, and no more of them than a person writes. Knows nothing of compilers' output or of rooms.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "course/lab.hpp"

namespace grade {

/// Name and text of every source file of a folder.
using Files = std::vector<std::pair<std::string, std::string>>;

/// The .cpp, .hpp and .h files of `tree`/NN-name, in order, and the course's own must.hpp. Throws StudentsTrouble where the
/// folder is missing or a link, where one of them is no ordinary file, and where they are too many or too large; whatever
/// else it throws is the machine's trouble.
std::shared_ptr<const Files> read_files(const std::string& tree, const course::Lab& lab);

/// One program to build, and where it goes.
struct Source {
  std::string name;        ///< "pipeline", from pipeline.cpp
  bool sanitized = false;  ///< with ThreadSanitizer: a second executable beside the plain one
  bool debugged = false;   ///< with -O0, line by line as gdb steps: another one
  bool lean = false;       ///< the same code without the debugger's tables, which take a quarter of the compiler's time
  std::shared_ptr<const Files> files;
  std::string target;  ///< where a person finds the executable
  std::string key;     ///< SHA-256 of all that goes into it: files, flags, the compiler
};

/// Throws StudentsTrouble when the program's own file is not among them.
Source source_of(const std::string& name, std::shared_ptr<const Files> files, const std::string& target);

/// The same program built with ThreadSanitizer, and what it is called in a room (play/start/thread_sanitizer.hpp).
Source sanitized(Source source);
std::string installed_name(const Source& source);

/// The same program built for a debugger; for nobody who would use one.
Source debugged(Source source);
Source lean(Source source);

/// The compiler's words, without the file.
std::vector<std::string> flags_of(const Source& source);

}  // namespace grade
