// What a process has mapped, as /proc says it (proc_pid_maps(5), proc_pid_smaps(5)). Two processes share a page where
// device, inode and offset agree; the path proves nothing: it may be unlinked, or another name of the same object.
// Looks only. What has gone meanwhile is an empty list, never an exception.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace see {

/// One row of /proc/PID/maps. Addresses are the process's own; offset and the sizes are bytes.
struct Mapping {
  std::uint64_t begin = 0, end = 0;
  bool readable = false, writable = false, shared = false;
  std::uint64_t offset = 0;
  dev_t device = 0;
  ino_t inode = 0;
  std::string path;

  bool contains(std::uint64_t address) const { return address >= begin && address < end; }
  bool is_of(dev_t d, ino_t i) const { return i != 0 && inode == i && device == d; }
};

/// What of a mapping is in memory: all of it, its share of pages that others have too, and what is its alone and
/// was written. In bytes.
struct Resident {
  std::uint64_t rss = 0, pss = 0, private_dirty = 0;
};

std::optional<Mapping> parse_mapping(const std::string& row);

std::vector<Mapping> mappings_of(pid_t pid);
/// The mapping that an address lies in.
std::optional<Mapping> mapping_at(pid_t pid, std::uint64_t address);
/// The mapping that begins at this address, as smaps counts it.
std::optional<Resident> resident_of(pid_t pid, std::uint64_t begin);

}  // namespace see
