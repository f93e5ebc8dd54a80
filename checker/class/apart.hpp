// What one student has handed in, read by a process of its own: libarchive opens there what a stranger has made, and may crash, or be
// too slow or too large, by itself.
#pragma once

#include <string>
#include <vector>

#include "class/found.hpp"

namespace intake {

/// Everything in these folders and files. What cannot be read is refused, with the reason.
Contents read_apart(const std::vector<std::string>& paths);

}  // namespace intake
