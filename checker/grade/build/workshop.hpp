// The programs of one lab in one tree, on their way to being graded: read, compared with what was built before, built,
// and then the bytes that are copied into rooms. Starts nothing itself: who schedules asks what is stale, compiles it,
// and says how that went.
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"
#include "grade/build/compile.hpp"
#include "grade/build/source.hpp"
#include "grade/build/trouble.hpp"
#include "room/furnish.hpp"

namespace grade {

/// How the programs of a lab are built.
struct Building {
  bool sanitized = false;  ///< also with ThreadSanitizer
  bool lean = false;       ///< the plain ones for nobody who would use a debugger
  bool copied = false;     ///< the tree is a copy of somebody's labs/: executables are not kept, and are told of as lying there
};

class Workshop {
 public:
  /// Reads the sources of the lab in `tree`. What goes wrong is trouble(), not an exception.
  Workshop(const std::string& tree, const course::Lab& lab, const Building& building);

  /// Why it cannot be graded, and whose affair that is. Empty where nothing is known against it.
  const std::string& trouble() const { return trouble_; }
  Whose whose() const { return whose_; }
  /// Why cases with ThreadSanitizer cannot be: the machine's affair.
  const std::string& sanitizer_trouble() const { return sanitizer_trouble_; }
  bool is_ready() const { return trouble_.empty() && unbuilt_ == 0; }

  /// What is to be compiled.
  const std::vector<const Source*>& stale() const { return stale_; }
  /// What the compilation of one answered, or why it has no answer: the machine's trouble.
  void answered(const Source& source, const std::string& answer);
  void failed(const Source& source, const std::string& why);

  /// Bytes of the built executables and of our own programs, for a room.
  const std::vector<room::Installed>& programs() const { return programs_; }
  /// What the compiler warned of, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// The names of the lab's programs, the first is the one that checks mean.
  std::vector<std::string> names() const;
  /// Which of these TODOs the sources have not begun (todos.hpp): "TODO 3 in redirect.cpp".
  std::vector<std::string> todos_left(const std::vector<int>& numbers) const;
  /// Where a person finds the executables: "./build/labs/01-pipeline".
  const std::string& folder() const { return folder_; }

 private:
  void read(const std::string& tree, const course::Lab& lab);
  void take(const Source& source, const Built& built);
  void is_in_trouble(Whose whose, const std::string& why);

  course::Lab lab_;
  Building building_;
  std::vector<Source> sources_;
  std::vector<const Source*> stale_;
  std::vector<room::Installed> programs_;
  std::vector<std::string> warnings_;
  std::string folder_, trouble_, sanitizer_trouble_;
  Whose whose_ = Whose::nobodys;
  size_t unbuilt_ = 0;
};

/// Where the executables of a tree lie: build/labs, build/solutions, build/trees/NAME-HASH.
std::string executables_of(const std::string& tree);

/// What the course itself brings into every room: the gate, the session leader, the library that watches handlers. Throws
/// where it was not built.
std::vector<room::Installed> own_programs();

}  // namespace grade
