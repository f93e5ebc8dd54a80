// What has been proven of a lab, remembered by the content of everything the proof depends on.
#pragma once

#include <string>

#include "course/lab.hpp"

namespace grade {

class Stamp {
 public:
  /// Reads the checker's own sources, the lab's checks, programs, faults and variants, and the compiler's name.
  explicit Stamp(const course::Lab& lab);
  bool is_set() const;
  void set() const;

 private:
  std::string path_;
};

}  // namespace grade
