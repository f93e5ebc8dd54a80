// Which TODOs of a skeleton a program has not begun. Knows nothing of C++ but comments, quotes and braces.
#pragma once

#include <string>
#include <vector>

#include "grade/build/source.hpp"

namespace grade {

/// "TODO 3 in redirect.cpp" for each of the numbers that `theirs` has not begun: its comment is there, and between it and the
/// next TODO, or the end of the block around it, stands nothing of their own. What `given` has too (the reference program)
/// is not their own, and neither is a skeleton's stand-in: "(void)name;", "return false;", what ends with "// for now". A
/// comment outside of every block stands for itself, and so does each where nothing is given.
std::vector<std::string> todos_left(const std::vector<int>& numbers, const Files& theirs, const Files& given);

}  // namespace grade
