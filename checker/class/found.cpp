#include "class/found.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "base/text.hpp"

namespace intake {
namespace {

std::string small(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool ends_in(const std::string& path, std::initializer_list<const char*> endings) {
  const std::string name = small(path);
  return std::ranges::any_of(endings, [&](const char* ending) { return name.ends_with(ending); });
}

}  // namespace

bool is_source(const std::string& path) { return ends_in(path, {".cpp", ".cc", ".cxx", ".hpp", ".h"}); }

bool is_archive(const std::string& path) {
  return ends_in(path, {".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".7z", ".rar"});
}

bool is_beside_the_point(const std::string& path) {
  const std::vector<std::string> parts = base::split(path, '/');
  return std::ranges::any_of(parts, [](const std::string& part) {
    return part == ".git" || part == "__MACOSX" || part == "node_modules" || part == ".vscode" || part == "build" ||
           part.starts_with("build-") || part.starts_with("cmake-build") || part.starts_with("._");
  });
}

std::string why_not_a_name(const std::string& path) {
  if (std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return "it holds control characters";
  if (path.starts_with("/") || (path.size() > 1 && path[1] == ':')) return "it is absolute";
  const std::vector<std::string> parts = base::split(path, '/');
  if (std::ranges::find(parts, "..") != parts.end()) return "it climbs out of its folder";
  return path.size() > 1000 ? "it is longer than 1000 bytes" : "";
}

void add(Contents& contents, Found file) {
  size_t all = file.bytes.size();
  for (const Found& one : contents.files) all += one.bytes.size();
  if (file.bytes.size() > most_in_source)
    contents.notes.push_back(fmt::format("{} is left out: {} bytes are more than a source has", file.path, file.bytes.size()));
  else if (contents.files.size() >= most_sources || all > most_in_sources)
    contents.refused = fmt::format("it holds more than {} sources, or more than {} MiB of them", most_sources, most_in_sources >> 20);
  else contents.files.push_back(std::move(file));
}

}  // namespace intake
