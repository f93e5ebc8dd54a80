// What was found in one submission: source texts by their path, and what there is to say of the rest. Data, and the limits that hold
// for everything a student can hand in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace intake {

struct Found {
  std::string path;  ///< below the submission, with '/'; through an archive as through a folder: "lab.zip/src/pipeline.cpp"
  std::string bytes;
  std::int64_t modified = 0;  ///< seconds since 1970; 0: not told
};

struct Contents {
  std::vector<Found> files;        ///< sources alone
  std::vector<std::string> notes;  ///< what was left out, a sentence each
  std::string refused;             ///< why nothing of it is taken; empty: it is
};

constexpr size_t most_in_source = size_t{1} << 20;  ///< bytes; more than anybody writes by hand
constexpr size_t most_sources = 500;
constexpr size_t most_in_sources = size_t{16} << 20;  ///< bytes, all together
constexpr size_t most_in_archive = size_t{64} << 20;  ///< bytes, of an archive inside of an archive or folder
constexpr size_t most_unpacked = size_t{1} << 30;     ///< bytes, of all that an archive says it holds
constexpr size_t most_entries = 50'000;
constexpr int deepest_nesting = 2;  ///< archives in archives

/// Whether a file of this name can be a source of a lab, or an archive.
bool is_source(const std::string& path);
bool is_archive(const std::string& path);
/// Whether it lies where nobody's sources do: .git, build, __MACOSX, and the like.
bool is_beside_the_point(const std::string& path);
/// Why this name is no name of a file that a person hands in; empty: it is one.
std::string why_not_a_name(const std::string& path);

/// Adds a source to what was found, or says why not.
void add(Contents& contents, Found file);

}  // namespace intake
