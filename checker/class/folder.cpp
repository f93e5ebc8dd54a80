#include "class/folder.hpp"

#include <algorithm>
#include <clocale>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

#include "base/fd.hpp"
#include "class/archive.hpp"

namespace intake {
namespace {

constexpr int deepest = 16;  // folders in folders

struct ClosesFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

void read_here(int folder, const std::string& name, const std::string& path, int depth, Contents& contents, size_t& entries);

void read_folder(base::Fd fd, const std::string& path, int depth, Contents& contents, size_t& entries) {
  if (depth > deepest) return contents.notes.push_back(path + " is left out: folders in folders, too deep");
  const int number = fd.get();
  const std::unique_ptr<DIR, ClosesFolder> folder(fdopendir(number));
  if (!folder) base::fail(path);
  fd.release();
  while (const dirent* entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") read_here(number, name, path.empty() ? name : path + "/" + name, depth, contents, entries);
    if (!contents.refused.empty()) return;
  }
}

void read_file(const base::Fd& fd, const struct stat& info, const std::string& path, Contents& contents) {
  const size_t most = is_source(path) ? most_in_source : most_in_archive;
  if (static_cast<size_t>(info.st_size) > most) return contents.notes.push_back(path + " is left out: it is too large");
  std::string bytes = base::read_all(fd.get(), most);
  if (is_source(path)) add(contents, {path, std::move(bytes), info.st_mtime});
  else read_archive(bytes, path, 1, contents);
}

void read_here(int folder, const std::string& name, const std::string& path, int depth, Contents& contents, size_t& entries) {
  if (++entries > most_entries) {
    contents.refused = "it holds more files than anybody writes";
    return;
  }
  if (is_beside_the_point(name)) return;
  struct stat info {};
  if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) base::fail(path);
  const bool wanted = is_source(name) || is_archive(name);
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) {
    if (wanted) contents.notes.push_back(path + " is left out: it is a link or a device, no file");
    return;
  }
  if (!S_ISDIR(info.st_mode) && !wanted) return;
  // O_NONBLOCK: what was a file a moment ago may be a FIFO by now.
  base::Fd fd(base::must(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), path));
  base::must(fstat(fd.get(), &info), path);
  if (S_ISDIR(info.st_mode)) read_folder(std::move(fd), path, depth + 1, contents, entries);
  else if (S_ISREG(info.st_mode)) read_file(fd, info, path, contents);
}

}  // namespace

Contents read_submission(const std::string& path) {
  std::setlocale(LC_CTYPE, "C.UTF-8");  // names in archives are converted to it
  Contents contents;
  size_t entries = 0;
  const size_t slash = path.rfind('/');
  const base::Fd above = base::open_file(slash == std::string::npos ? "." : path.substr(0, slash + 1), O_RDONLY | O_DIRECTORY);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  struct stat info {};
  base::must(fstatat(above.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW), path);
  if (S_ISDIR(info.st_mode))
    read_folder(base::Fd(base::must(openat(above.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), path)), "", 0,
                contents, entries);
  else read_here(above.get(), name, name, 0, contents, entries);
  // A folder has no order of its own; two gradings of one have the same.
  std::ranges::sort(contents.files, {}, &Found::path);
  std::ranges::sort(contents.notes);
  return contents;
}

}  // namespace intake
