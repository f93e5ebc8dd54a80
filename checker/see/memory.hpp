// How much memory a family uses, with what no process has mapped: files without a name, System V segments, what is on
// its way in sockets. What pipes hold is left out: /proc does not tell it, and the kernel bounds it (pipe(7),
// pipe-user-pages-soft).
// An estimate from below: what is mapped and what is open may be the same, and is then counted once.
#pragma once

#include "see/family.hpp"
#include "see/objects.hpp"

namespace see {

/// Bytes. `before` are the objects that were there before the family was.
std::uint64_t memory_used_by(const Family& family, const std::vector<IpcObject>& before);

}  // namespace see
