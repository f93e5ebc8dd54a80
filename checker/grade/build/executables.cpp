#include "grade/build/executables.hpp"

#include <cstring>
#include <filesystem>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr const char* warnings_end = ".warnings";

std::string path_of(const Source& source) { return source.target + "-" + source.key; }
std::string warnings_of(const Source& source) { return path_of(source) + warnings_end; }

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
    std::string name = entry.path().filename();
    if (name.ends_with(warnings_end)) name.resize(name.size() - std::strlen(warnings_end));
    if (name.starts_with(begin) && is_key(name.substr(begin.size())) && name.substr(begin.size()) != source.key)
      unlink(entry.path().c_str());
  }
}

}  // namespace

std::optional<Built> built_before(const Source& source) {
  try {
    Built built{base::read_file(path_of(source))};
    if (fs::exists(warnings_of(source))) built.warnings = base::split(base::read_file(warnings_of(source)), '\n');
    point_there(source);
    return built;
  } catch (const std::system_error& e) {
    if (e.code() == std::errc::no_such_file_or_directory) return std::nullopt;
    throw;
  }
}

void keep(const Source& source, const Built& built) {
  fs::create_directories(fs::path(source.target).parent_path());
  if (!built.warnings.empty()) base::write_file(warnings_of(source), base::join(built.warnings, "\n"));
  base::write_file(path_of(source), built.executable, 0755);  // last: where it is, so are its warnings
  point_there(source);
  remove_others(source);
}

}  // namespace grade
