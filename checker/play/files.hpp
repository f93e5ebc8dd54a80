// Files in the working folder, which check and programs share: gone, holding these bytes, open as a descriptor.
#pragma once

#include "play/observed.hpp"

namespace play {

/// Waits until there is no such file.
Verdict has_no_file(Stage& stage, const std::string& name);

/// Now, without waiting: the file's bytes are these.
Verdict file_holds(const std::string& name, const std::string& bytes);

/// Its descriptor is this very file, by the path that programs know it under ("/dev/null").
Verdict has_open_as(Stage& stage, const Observed& who, int fd, const std::string& path);

}  // namespace play
