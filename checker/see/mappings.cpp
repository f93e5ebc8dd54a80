#include "see/mappings.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <sstream>
#include <sys/sysmacros.h>
#include <system_error>

#include "base/fd.hpp"

namespace see {
namespace {

// A process that has gone has no file here; one that is going has an empty one.
std::string file_of(pid_t pid, const char* name) {
  try {
    return base::read_file(fmt::format("/proc/{}/{}", pid, name));
  } catch (const std::system_error&) {
    return {};
  }
}

}  // namespace

std::optional<Mapping> parse_mapping(const std::string& row) {
  unsigned long begin = 0, end = 0, offset = 0, inode = 0;
  unsigned major = 0, minor = 0;
  char access[5] = "";
  int path = 0;
  if (std::sscanf(row.c_str(), "%lx-%lx %4s %lx %x:%x %lu %n", &begin, &end, access, &offset, &major, &minor, &inode,
                  &path) < 7)
    return std::nullopt;
  Mapping m;
  m.begin = begin;
  m.end = end;
  m.readable = access[0] == 'r';
  m.writable = access[1] == 'w';
  m.shared = access[3] == 's';
  m.offset = offset;
  m.device = makedev(major, minor);
  m.inode = inode;
  if (path > 0 && static_cast<size_t>(path) < row.size()) m.path = row.substr(static_cast<size_t>(path));
  return m;
}

std::vector<Mapping> mappings_of(pid_t pid) {
  std::vector<Mapping> mappings;
  std::istringstream rows(file_of(pid, "maps"));
  for (std::string row; std::getline(rows, row);)
    if (auto mapping = parse_mapping(row)) mappings.push_back(std::move(*mapping));
  return mappings;
}

std::optional<Mapping> mapping_at(pid_t pid, std::uint64_t address) {
  for (Mapping& m : mappings_of(pid))
    if (m.contains(address)) return std::move(m);
  return std::nullopt;
}

std::optional<Resident> resident_of(pid_t pid, std::uint64_t begin) {
  std::istringstream rows(file_of(pid, "smaps"));
  std::optional<Resident> found;
  for (std::string row; std::getline(rows, row);) {
    if (const auto mapping = parse_mapping(row)) {
      if (found) return found;  // the next mapping begins
      if (mapping->begin == begin) found.emplace();
    } else if (found) {
      char name[32] = "";
      unsigned long kib = 0;
      if (std::sscanf(row.c_str(), "%31[^:]: %lu kB", name, &kib) != 2) continue;
      const std::string field = name;
      if (field == "Rss") found->rss = kib * 1024;
      if (field == "Pss") found->pss = kib * 1024;
      if (field == "Private_Dirty") found->private_dirty = kib * 1024;
    }
  }
  return found;
}

}  // namespace see
