#include "grade/run/keep.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_files = 100, most_bytes = size_t{1} << 20;
constexpr const char* timeline_name = "timeline.txt";
const std::string given_prefix = "given/";

void note(results::Record& r, const std::string& what, const std::string& why) {
  r.log.push_back({r.ms, fmt::format("not kept: {}: {}", what, why), false});
}

// Nothing is opened by what it was a moment ago: a FIFO or a link that is swapped in neither holds nor leads anywhere.
void take(results::Record& r, int folder, const std::string& name) {
  const base::Fd fd(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd && errno == EACCES) note(r, base::quote(name), "it does not let itself be read");
  struct stat info {};
  if (!fd || fstat(fd.get(), &info) < 0 || !S_ISREG(info.st_mode)) return;
  std::string bytes;
  for (std::string some = "."; !some.empty() && bytes.size() < most_bytes; bytes += some)
    some = base::read_some(fd.get(), std::min(most_bytes - bytes.size(), size_t{1} << 16));
  if (static_cast<size_t>(info.st_size) > bytes.size()) note(r, "the end of " + base::quote(name), "it is too long");
  r.files.emplace_back(name, std::move(bytes));
}

// A fresh folder, which no other grader knows.
std::string fresh_folder(const std::string& beside) {
  std::string path = beside + "/.new-XXXXXX";
  if (!mkdtemp(path.data())) base::fail("mkdtemp " + path);
  base::must(chmod(path.c_str(), 0755), "chmod");
  return path;
}

void fill(const std::string& folder, results::Record& r) {
  for (const auto& [name, bytes] : r.files) try {
      if (name == timeline_name) throw std::runtime_error("the timeline has that name");
      const bool given = name.starts_with(given_prefix);
      if (name.find('/', given ? given_prefix.size() : 0) != std::string::npos) throw std::runtime_error("it is no name");
      if (given) fs::create_directories(folder + "/" + given_prefix);
      base::write_all(base::open_file(folder + "/" + name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644).get(), bytes);
    } catch (const std::exception& e) {
      note(r, base::quote(name), e.what());
    }
  std::string timeline;
  for (const results::Event& e : r.log) timeline += fmt::format("{:9.1f} ms  {}\n", e.ms, base::printable(e.what));
  base::write_file(folder + "/" + timeline_name, timeline);
}

// Into place, and what was there out of it, in one step: another grader may be doing the same.
void put_in_place(const std::string& fresh, const std::string& place) {
  for (int i = 0; i < 10; ++i) {
    if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno != EEXIST) break;
    if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) return void(fs::remove_all(fresh));
    if (errno != ENOENT) break;
  }
  base::fail("rename " + fresh);
}

}  // namespace

void take_files(results::Record& r, const std::vector<std::pair<std::string, std::string>>& given) {
  for (const auto& [name, text] : given) r.files.emplace_back(given_prefix + name, text);
  try {
    base::Fd folder = base::open_file(".", O_RDONLY | O_DIRECTORY);
    const base::Fd below(fcntl(folder.get(), F_DUPFD_CLOEXEC, 3));
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(fdopendir(folder.get()), closedir);
    if (!entries) base::fail("fdopendir");
    folder.release();
    while (const dirent* entry = readdir(entries.get())) {
      if (r.files.size() == most_files) return note(r, "other files", "they are too many");
      try {
        take(r, below.get(), entry->d_name);
      } catch (const std::exception& e) {
        note(r, base::quote(entry->d_name), e.what());
      }
    }
  } catch (const std::exception& e) {
    note(r, "its files", e.what());
  }
}

std::string kept_folder() { return course::build_folder() + "/kept"; }

std::string given_folder(const std::string& lab, const std::string& id) { return kept_folder() + "/" + lab + "/" + id + "/" + given_prefix; }

std::string kept_folder(const results::Run& run) {
  if (run.records.empty()) return kept_folder();
  const results::Record& first = run.records.front();
  for (const results::Record& r : run.records)
    if (r.lab != first.lab) return kept_folder();
  return kept_folder() + "/" + first.lab + (run.records.size() == 1 ? "/" + first.id : "");
}

void keep_files(results::Record& r) {
  const std::string beside = kept_folder() + "/" + r.lab;
  std::string fresh;
  try {
    fs::create_directories(beside);
    fresh = fresh_folder(beside);
    fill(fresh, r);
    put_in_place(fresh, beside + "/" + r.id);
  } catch (const std::exception& e) {
    note(r, "its folder", e.what());
    std::error_code none;
    if (!fresh.empty()) fs::remove_all(fresh, none);
  }
  r.files.clear();
}

}  // namespace grade
