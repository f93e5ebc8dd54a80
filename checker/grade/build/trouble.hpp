// What stands in the way of a program, and whose affair that is. What a student wrote fails; whatever else goes wrong here is
// the machine's, and never costs a student anything.
#pragma once

#include <stdexcept>

namespace grade {

enum class Whose { nobodys, students, machines };

/// Thrown for what is wrong with a student's files. Every other exception is the machine's.
class StudentsTrouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace grade
