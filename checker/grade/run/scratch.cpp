#include "grade/run/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include "base/fd.hpp"
#include "room/room.hpp"

namespace grade {

Scratch::Scratch() {
  const char* place = std::getenv("TMPDIR");
  path_ = std::string(place && *place ? place : "/tmp") + "/ipclab-XXXXXX";
  if (!mkdtemp(path_.data())) base::fail("mkdtemp " + path_);
  // Root of a user namespace that maps nobody else stays root there, and needs no change of owner.
  if (geteuid() == 0 && chown(path_.c_str(), room::nobody, room::nobody) < 0 && errno != EINVAL && errno != EPERM)
    base::fail("chown " + path_);
}

Scratch::Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, "")) {}

Scratch::~Scratch() {
  std::error_code ignored;  // what a program made unremovable stays, named after this course
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace grade
