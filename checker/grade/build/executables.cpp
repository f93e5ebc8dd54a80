#include "grade/build/executables.hpp"

#include <filesystem>
#include <unistd.h>

#include "base/fd.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

std::string path_of(const Source& source) { return source.target + "-" + source.key; }

// The name for a person: a link made beside it and renamed, so that it always leads somewhere.
void point_there(const Source& source) {
  const std::string to = fs::path(path_of(source)).filename(), half = source.target + "." + std::to_string(getpid()) + ".part";
  std::error_code none;
  if (fs::read_symlink(source.target, none) == to) return;
  unlink(half.c_str());
  base::must(symlink(to.c_str(), half.c_str()), "symlink " + half);
  base::must(rename(half.c_str(), source.target.c_str()), "rename " + half);
}

bool is_key(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void remove_others(const Source& source) {
  const std::string begin = fs::path(source.target).filename().string() + "-";
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(source.target).parent_path(), none)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(begin) && is_key(name.substr(begin.size())) && name.substr(begin.size()) != source.key)
      unlink(entry.path().c_str());
  }
}

}  // namespace

std::optional<std::string> built_before(const Source& source) {
  try {
    std::string executable = base::read_file(path_of(source));
    point_there(source);
    return executable;
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::no_such_file_or_directory) return std::nullopt;
    throw;
  }
}

void keep(const Source& source, const std::string& executable) {
  fs::create_directories(fs::path(source.target).parent_path());
  base::write_file(path_of(source), executable, 0755);
  point_there(source);
  remove_others(source);
}

}  // namespace grade
