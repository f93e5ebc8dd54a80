#include "course/faults.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "base/tool.hpp"

namespace course {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> changes_in(const std::string& folder) {
  std::vector<std::string> paths;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string ending = entry.path().extension();
      if (ending != ".patch" && ending != ".cpp")
        throw std::runtime_error(entry.path().string() + " is neither a .patch nor a .cpp");
      paths.push_back(entry.path());
    }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The words after "Key:" in the first lines of a file, with or without "// " before it.
std::vector<std::string> head_words(const std::string& path, const std::string& key) {
  size_t lines = 0;
  for (std::string line : base::split(base::read_file(path), '\n')) {
    if (++lines > 10) break;
    if (line.starts_with("// ")) line.erase(0, 3);
    if (!line.starts_with(key + ":")) continue;
    std::vector<std::string> words;
    for (const std::string& word : base::split(line.substr(key.size() + 1), ' '))
      if (!word.empty()) words.push_back(word);
    return words;
  }
  return {};
}

void apply_patch(const std::string& patch, const std::string& folder) {
  const base::ToolRun run = base::run_tool({"patch", "-p1", "--fuzz=0", "--batch", "--silent", "--no-backup-if-mismatch",
                                "--reject-file=-", "-d", folder, "-i", patch});
  if (run.status == 0) return;
  throw std::runtime_error(fmt::format("{} does not apply to the solution, make it anew: {}", patch,
                                       run.said.empty() ? "is patch(1) installed?" : run.said));
}

}  // namespace

std::vector<Fault> faults_of(const Lab& lab) {
  std::vector<Fault> faults;
  for (const std::string& path : changes_in(course_folder() + "/checker/faults/" + lab.key())) {
    Fault f{fs::path(path).stem(), path, head_words(path, "Fails"), head_words(path, "Draws"), base::join(head_words(path, "Hears"), " ")};
    if (f.fails.empty())
      throw std::runtime_error(path + " does not say which checks it fails: its first line is \"Fails: ID ID\"");
    faults.push_back(std::move(f));
  }
  return faults;
}

std::vector<std::string> variants_of(const Lab& lab) {
  return changes_in(course_folder() + "/checker/variants/" + lab.key());
}

void build_tree(const Lab& lab, const std::string& change, const std::string& tree) {
  const std::string folder = tree + "/" + lab.key();
  fs::remove_all(folder);
  fs::create_directories(tree);
  fs::copy(course_folder() + "/solutions/" + lab.key(), folder, fs::copy_options::recursive);
  if (fs::path(change).extension() == ".patch") return apply_patch(fs::absolute(change), folder);
  const std::vector<std::string> named = head_words(change, "Program"), programs = programs_of(lab);
  if (named.empty() && programs.size() != 1) throw std::runtime_error(change + " does not say which program it is");
  fs::copy_file(change, folder + "/" + (named.empty() ? programs[0] : named[0]) + ".cpp",
                fs::copy_options::overwrite_existing);
}

}  // namespace course
