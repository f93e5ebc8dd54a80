// A folder for one room that has no file system of its own (rung 4), gone with its owner, whatever a program has made of it.
#pragma once

#include <string>

#include "base/fd.hpp"

namespace grade {

class Scratch {
 public:
  /// Made below TMPDIR or /tmp, and given to the user that programs run as.
  Scratch();
  Scratch(Scratch&& other) noexcept;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  base::Fd folder_;  ///< held, so that what is emptied is this folder and not what has its name by then
};

/// Removes all that is in an open folder: also folders without rights, and trees deeper than any path is long.
void empty_folder(int folder);

}  // namespace grade
