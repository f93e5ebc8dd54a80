// The sources in a folder or a file that was handed in, archives in it read as folders. No link is followed.
#pragma once

#include <string>

#include "class/found.hpp"

namespace intake {

/// `path`: a folder, an archive or a source. Throws std::system_error where it cannot be read.
Contents read_submission(const std::string& path);

}  // namespace intake
