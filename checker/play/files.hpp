// A file in the working folder, as a check sets it up and looks at it. The name is the same file for the check and the
// programs. Knows nothing of which descriptors refer to it: see Observed::has_file.
#pragma once

#include <string>
#include <sys/types.h>

#include "play/stage.hpp"
#include "play/verdict.hpp"

namespace play {

class File {
 public:
  File(Stage& stage, std::string name) : stage_(&stage), name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  /// Writes it anew, with these permissions; adds to its end.
  void put(const std::string& text, mode_t mode = 0644) const;
  void append(const std::string& text) const;

  /// Its whole text now. Does not wait: ask when the writer has ended, or stands at a gate.
  Verdict holds(const std::string& text) const;
  Verdict begins_with(const std::string& text) const;
  /// Its permission bits.
  Verdict has_mode(mode_t mode) const;
  Verdict exists() const;
  Verdict does_not_exist() const;

  /// Its text, or nothing where it cannot be read.
  std::string text() const;

 private:
  Verdict refuse(std::string expected, std::string actual) const;

  Stage* stage_;
  std::string name_;
};

}  // namespace play
