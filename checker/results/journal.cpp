#include "results/journal.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

#include "base/text.hpp"
#include "results/json.hpp"

namespace results {
namespace {

namespace fs = std::filesystem;

std::string lines_beside(const std::string& path) { return path + "l"; }

// Results of a run before, or nothing yet.
bool holds_results(const std::string& path) {
  const base::Fd file = base::open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const std::string begin = base::read_some(file.get(), 4096);
  return begin.empty() || begin.starts_with("{\"") || begin.find("\"ipc-labs/results\"") != std::string::npos;
}

// What is written takes the place of what is there: of results, and of no link, device, FIFO, folder or other file.
void refuse_what_is_no_file(const std::string& path) {
  for (const std::string& one : {path, lines_beside(path)}) {
    const fs::file_status status = fs::symlink_status(one);
    if (fs::exists(status) && !fs::is_regular_file(status))
      throw std::runtime_error("the results cannot go to " + one + ": it is no ordinary file");
    if (fs::exists(status) && !holds_results(one))
      throw std::runtime_error("the results cannot go to " + one + ": it holds something else");
  }
}

}  // namespace

Journal::Journal(std::string path, const Run& run) : path_(std::move(path)) {
  refuse_what_is_no_file(path_);
  if (const fs::path folder = fs::path(path_).parent_path(); !folder.empty()) fs::create_directories(folder);
  unlink(lines_beside(path_).c_str());  // of a run before this one
  base::write_file(path_, to_json(run));
  lines_ = base::open_file(lines_beside(path_), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0644);
}

void Journal::add(const Record& record) { base::write_all(lines_.get(), to_line(record) + "\n"); }

void Journal::finish(const Run& run) {
  base::write_file(path_, to_json(run));
  unlink(lines_beside(path_).c_str());
}

Run load(const std::string& path) {
  Run run = from_json(base::read_file(path));
  if (!fs::exists(lines_beside(path))) return run;
  std::vector<std::string> lines = base::split(base::read_file(lines_beside(path)), '\n');
  lines.pop_back();  // behind the last newline stands nothing, or a line that was cut off
  for (const std::string& line : lines) {
    Record came = from_line(line);
    const auto at = std::find_if(run.records.begin(), run.records.end(),
                                 [&](const Record& r) { return r.lab == came.lab && r.id == came.id; });
    if (at != run.records.end()) *at = std::move(came);
  }
  return run;
}

}  // namespace results
