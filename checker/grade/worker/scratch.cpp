#include "grade/worker/scratch.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "room/room.hpp"

namespace grade {
namespace {

std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(again < 0 ? nullptr : fdopendir(again), [](DIR* d) { return d ? closedir(d) : 0; });
  while (const dirent* entry = entries ? readdir(entries.get()) : nullptr)
    if (const std::string name = entry->d_name; name != "." && name != "..") names.push_back(name);
  return names;
}

// A folder that no longer denies itself; none where the name is something else.
base::Fd opened(int at, const std::string& name) {
  struct stat info {};
  if (fstatat(at, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(info.st_mode)) return {};
  fchmodat(at, name.c_str(), 0700, 0);  // nobody lives here any more who could put a link in its place
  return base::Fd(openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

// Depth never grows: the folders that one holds are moved up beside it before it is removed.
void empty_folder(int folder) {
  fchmod(folder, 0700);
  unsigned long number = 0;
  for (bool more = true; more;) {
    more = false;
    for (const std::string& name : names_in(folder)) {
      if (unlinkat(folder, name.c_str(), 0) == 0) continue;
      const base::Fd below = opened(folder, name);
      if (!below) continue;
      for (const std::string& inner : names_in(below.get())) {
        if (unlinkat(below.get(), inner.c_str(), 0) == 0) continue;
        fchmodat(below.get(), inner.c_str(), 0700, 0);  // a folder that moves is written to
        int moved = -1;
        do moved = renameat2(below.get(), inner.c_str(), folder, (".up-" + std::to_string(number++)).c_str(), RENAME_NOREPLACE);
        while (moved < 0 && errno == EEXIST);
        more |= moved == 0;
      }
      unlinkat(folder, name.c_str(), AT_REMOVEDIR);
    }
  }
}

Scratch::Scratch() {
  const char* place = std::getenv("TMPDIR");
  path_ = std::string(place && *place ? place : "/tmp") + "/ipclab-XXXXXX";
  if (!mkdtemp(path_.data())) base::fail("mkdtemp " + path_);
  folder_ = base::open_file(path_, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (geteuid() != 0) return;
  // Root of a user namespace that maps nobody else stays root there, and needs no change of owner.
  for (const uid_t owner : {room::user_of_grader(), room::nobody})
    if (fchown(folder_.get(), owner, owner) == 0) return;
  if (errno != EINVAL && errno != EPERM) base::fail("chown " + path_);
}

Scratch::Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, "")), folder_(std::move(other.folder_)) {}

Scratch::~Scratch() {
  if (path_.empty()) return;
  empty_folder(folder_.get());
  rmdir(path_.c_str());
}

}  // namespace grade
