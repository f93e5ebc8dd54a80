#include "grade/build/source.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/build/trouble.hpp"
#include "play/start/thread_sanitizer.hpp"

namespace grade {
namespace {

// At -O0 several classic mistakes hide. Some distributions' compilers fortify by themselves, which gives calls other names
// and ends programs that go on elsewhere: a verdict must be the same everywhere.
const std::vector<std::string> flags{"-std=c++20", "-O2",      "-g", "-U_FORTIFY_SOURCE", "-Wall",
                                     "-Wextra",    "-pthread", "-I."};
// Its reports need lines and calls that were not merged away; a sanitizer warns where it cannot know better. The text is to be
// the same in both builds: no macro says which one it is.
const std::vector<std::string> sanitizer_flags{"-fsanitize=thread", "-O1", "-fno-omit-frame-pointer", "-U__SANITIZE_THREAD__",
                                               // no function is exempted from being watched
                                               "-Dno_sanitize(...)=unused", "-D__no_sanitize__(...)=unused", "-Dno_sanitize_thread=unused",
                                               "-D__no_sanitize_thread__=unused", "-Ddisable_sanitizer_instrumentation=unused"};

constexpr size_t most_files = 64, most_of_one = size_t{1} << 20, most_in_all = size_t{4} << 20;

// openat(2). What a student can bring about in his folder is his affair, an exhausted machine is not.
base::Fd open_in(int folder, const std::string& name, const std::string& path, int flags_wanted) {
  base::Fd fd(openat(folder, name.c_str(), flags_wanted | O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (fd) return fd;
  const int error = errno;
  struct stat info {};
  if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode))
    throw StudentsTrouble(path + " is a link, not an ordinary file or folder");
  const bool a_folder = (flags_wanted & O_DIRECTORY) != 0;
  if (error == ENOENT || error == ENOTDIR) throw StudentsTrouble(fmt::format("there is no {} {}", a_folder ? "folder" : "file", path));
  if (error == ENXIO) throw StudentsTrouble(path + " is not an ordinary file");
  if (error == EACCES) throw StudentsTrouble(path + " does not let itself be read");
  throw std::system_error(error, std::generic_category(), "cannot open " + path);
}

// The folder itself, not what a link in its place points to: another's work, or the solution.
base::Fd open_folder(const std::string& tree, const course::Lab& lab) {
  const base::Fd all(open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!all && (errno == ENOENT || errno == ENOTDIR)) throw StudentsTrouble("there is no folder " + tree);
  base::must(all.get(), "cannot open " + tree);
  return open_in(all.get(), lab.key(), tree + "/" + lab.key(), O_DIRECTORY);
}

std::vector<std::string> source_names(int folder) {
  base::Fd again(base::must(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "openat"));
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(fdopendir(again.get()), closedir);
  if (!entries) base::fail("fdopendir");
  again.release();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(entries.get())) {
    const std::string extension = std::filesystem::path(entry->d_name).extension();
    if (extension == ".cpp" || extension == ".hpp" || extension == ".h") names.emplace_back(entry->d_name);
    if (names.size() > most_files) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

// O_NONBLOCK: a FIFO without a writer would hold the grader.
std::string text_of(int folder, const std::string& name, const std::string& path) {
  const base::Fd fd = open_in(folder, name, path, O_NONBLOCK);
  struct stat info {};
  base::must(fstat(fd.get(), &info), "fstat");
  if (!S_ISREG(info.st_mode)) throw StudentsTrouble(path + " is not an ordinary file");
  std::string text;
  for (std::string some = "."; !some.empty() && text.size() <= most_of_one; text += some)
    some = base::read_some(fd.get(), std::min(most_of_one + 1 - text.size(), size_t{1} << 16));
  if (text.size() > most_of_one) throw StudentsTrouble(path + " is larger than 1 MiB");
  return text;
}

std::string key_of(const Source& source) {
  std::string all = IPCLAB_CXX_ID + base::join(flags_of(source), " ") + source.name;
  for (const auto& [name, text] : *source.files) all += fmt::format("\n{} {}\n{}", name, text.size(), base::sha256(text));
  return base::sha256(all);
}

}  // namespace

std::shared_ptr<const Files> read_files(const std::string& tree, const course::Lab& lab) {
  const std::string path = tree + "/" + lab.key();
  const base::Fd folder = open_folder(tree, lab);
  const std::vector<std::string> names = source_names(folder.get());
  if (names.size() > most_files) throw StudentsTrouble(fmt::format("{} has more than {} source files", path, most_files));
  Files files;
  size_t in_all = 0;
  for (const std::string& name : names) {
    std::string text = text_of(folder.get(), name, path + "/" + name);
    if ((in_all += text.size()) > most_in_all) throw StudentsTrouble("the source files in " + path + " are larger than 4 MiB in all");
    if (name != "must.hpp") files.emplace_back(name, std::move(text));
  }
  // Always the course's own, whatever lies in the folder.
  files.emplace_back("must.hpp", base::read_file(course::course_folder() + "/labs/must.hpp"));
  return std::make_shared<const Files>(std::move(files));
}

Source source_of(const std::string& name, std::shared_ptr<const Files> files, const std::string& target) {
  Source source{.name = name, .files = std::move(files), .target = target, .key = {}};
  const bool there = std::any_of(source.files->begin(), source.files->end(),
                                 [&](const auto& file) { return file.first == name + ".cpp"; });
  if (!there) throw StudentsTrouble(fmt::format("there is no file {}.cpp in its folder", name));
  source.key = key_of(source);
  return source;
}

Source sanitized(Source source) {
  source.sanitized = true;
  source.target = source.target.substr(0, source.target.rfind('/') + 1) + installed_name(source);
  source.key = key_of(source);
  return source;
}

Source debugged(Source source) {
  source.debugged = true;
  source.target += ".debug";
  source.key = key_of(source);
  return source;
}

Source lean(Source source) {
  source.lean = true;
  source.key = key_of(source);
  return source;
}

std::string installed_name(const Source& source) {
  return source.sanitized ? play::sanitized_name(source.name) : source.name;
}

std::vector<std::string> flags_of(const Source& source) {
  std::vector<std::string> all = flags;
  if (source.debugged) all.emplace_back("-O0");
  if (source.lean) all.emplace_back("-g0");
  if (source.sanitized) all.insert(all.end(), sanitizer_flags.begin(), sanitizer_flags.end());
  return all;
}

}  // namespace grade
