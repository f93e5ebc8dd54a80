// A folder in a program's reach, as the check may use it. Whatever lies there may have been planted, and may change at any
// moment: so nothing is opened through a link, nothing but a regular file is read or written, no opening waits, and what
// is made is new (openat2(2)). Where something else is found it is the program's doing, and says so.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <sys/stat.h>

#include "base/fd.hpp"

namespace room {

/// What was found, for a person: "it is a symbolic link", "it cannot be written: No space left on device".
class Planted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Reach {
 public:
  /// The folder by its path, as the check names it.
  explicit Reach(const std::string& folder);
  /// The folder that a path lies in; `name` is left with the last part.
  static Reach of(const std::string& path, std::string& name);

  /// What lies there now, a link as a link; nothing where there is no such name.
  std::optional<struct stat> look(const std::string& name) const;
  /// A regular file, opened with these flags of open(2); empty where there is none. Throws Planted for anything else.
  base::Fd open(const std::string& name, int flags) const;
  /// The whole of it; nothing where there is none. Throws Planted.
  std::optional<std::string> read(const std::string& name) const;
  /// Writes it anew, in the place of whatever has the name, so that nobody ever sees half of it (rename(2)). Throws Planted.
  void put(const std::string& name, const std::string& bytes, mode_t mode) const;

 private:
  base::Fd folder_;
};

/// What a file is, by the bits of its mode: "a symbolic link", "a FIFO".
std::string kind_of(mode_t mode);

}  // namespace room
