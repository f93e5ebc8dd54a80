// A file in the working folder, as a check sets it up and looks at it. The name is the same file for the check and the
// programs, and lies in their reach: what a program puts in its place is never followed, and is its failure
// (room/reach.hpp). Knows nothing of which descriptors refer to it: see Observed::has_file.
#pragma once

#include <string>
#include <sys/types.h>

#include "play/testbed/testbed.hpp"
#include "play/verdict/verdict.hpp"

namespace play {

class File {
 public:
  File(Testbed& testbed, std::string name) : testbed_(&testbed), name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  /// Writes it anew, with these permissions; adds to its end.
  void put(const std::string& text, mode_t mode = 0644) const;
  void append(const std::string& text) const;

  /// Its whole text now. Does not wait: ask when the writer has ended, or stands at a gate.
  Verdict has_text(const std::string& text) const;
  Verdict begins_with(const std::string& text) const;
  /// Its permission bits.
  Verdict has_mode(mode_t mode) const;
  Verdict exists() const;
  Verdict does_not_exist() const;
  /// Waits until it is not there any more.
  Verdict is_removed() const;

  /// Its text; empty where it is not there, or is no regular file.
  std::string text() const;

 private:
  Verdict refuse(std::string expected, std::string actual) const;
  /// Its text; where there is none to be read, why: "it does not exist".
  std::optional<std::string> read(std::string& why_not) const;

  Testbed* testbed_;
  std::string name_;
};

/// The whole of a file in a program's reach, and a file written there anew. Throw Obstructed where a program has put
/// something in its place.
std::string read_file(const std::string& name);
void write_file(const std::string& name, const std::string& text, mode_t mode = 0644);

}  // namespace play
