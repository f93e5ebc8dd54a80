// A descriptor of another process, borrowed for one question that /proc does not answer (pidfd_getfd(2)). While it is
// lent, an end of it is open here too: it goes back at once.
// Knows nothing of what is asked.
#pragma once

#include <sys/types.h>

#include "base/fd.hpp"
#include "see/proc.hpp"

namespace see {

/// Nothing when the process has gone, may not be traced, or has another file at this number: a thread may have a table of
/// its own, and only its process can be asked.
base::Fd borrowed(pid_t pid, const Descriptor& descriptor);

}  // namespace see
