// The sources in an archive (libarchive: zip, tar, 7z, rar and what compresses them), read in memory and never unpacked to a disk.
// Meant for a process of its own: what it reads is a stranger's.
#pragma once

#include <string>

#include "class/found.hpp"

namespace intake {

/// Adds what the archive in `bytes` holds; `path` is where it lies, and stands before the paths of its entries.
void read_archive(const std::string& bytes, const std::string& path, int nesting, Contents& contents);

}  // namespace intake
