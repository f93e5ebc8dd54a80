// What this checker was built from: so that a result says what gave it.
#pragma once

#include <string>

namespace results {

/// "0.9.0".
std::string course_version();
/// The compiler that programs are built with, and its version.
std::string compiler();
/// The GNU build id of the running executable, as hexadecimal digits: a hash of all that was linked (ld(1), --build-id).
/// Empty where it has none.
std::string build_id();

}  // namespace results
