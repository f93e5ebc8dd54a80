// A folder for one room that has no file system of its own (rung 4), gone with its owner.
#pragma once

#include <string>

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
};

}  // namespace grade
