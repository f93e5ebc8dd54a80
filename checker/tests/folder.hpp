// A folder for one test, gone with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/fd.hpp"

namespace tests {

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "ipclab-test-XXXXXX").string();
  Folder() {
    if (!mkdtemp(path.data())) base::fail("mkdtemp");
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

}  // namespace tests
