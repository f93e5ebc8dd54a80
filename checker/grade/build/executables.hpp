// The executables that were built before, each under a name that says all it was made from: pipeline-KEY, and `pipeline` for a
// person, a link to it. One rename puts one there, so there is no moment at which a name and its content disagree.
#pragma once

#include <optional>
#include <string>

#include "grade/build/compile.hpp"

namespace grade {

/// The program and its warnings, where it was made from just this. Where there is none by a moment's chance, it is built again.
std::optional<Built> built_before(const Source& source);

/// Puts it there, and removes what was made of the same program before.
void keep(const Source& source, const Built& built);

}  // namespace grade
