// Who has which end: every descriptor of a family and of the check, found by the object it refers to.
// Knows nothing of who ought to have it.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "see/family.hpp"

namespace see {

enum class End { reading, writing };

struct OpenEnd {
  pid_t pid;
  int fd;
};

/// Device and inode: what two descriptors share when they refer to one object.
using ObjectKey = std::pair<dev_t, ino_t>;

class OpenEnds {
 public:
  /// Reads every descriptor table once. `check` is the process that looks: its ends count too.
  OpenEnds(const Family& family, pid_t check);

  std::vector<OpenEnd> of(ObjectKey object, End end) const;
  const Descriptor* at(pid_t pid, int fd) const;

 private:
  std::vector<std::pair<pid_t, std::vector<Descriptor>>> tables_;
};

}  // namespace see
