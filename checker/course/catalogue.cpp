#include "course/catalogue.hpp"

#include <algorithm>
#include <filesystem>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"

namespace course {
namespace {

namespace fs = std::filesystem;

std::string catalogue_folder() { return course_folder() + "/checker/catalogue/"; }

}  // namespace

std::optional<Diagnosis> diagnosis(const std::string& id) {
  const std::string path = catalogue_folder() + id + ".md";
  if (id.find("..") != std::string::npos || !fs::is_regular_file(path)) return std::nullopt;
  Diagnosis d;
  d.id = id;
  bool head = true;
  for (const std::string& line : base::split(base::read_file(path), '\n')) {
    if (line.starts_with("# ")) d.title = line.substr(2);
    else if (head && line.starts_with("Hint: ")) d.hint = line.substr(6);
    else if (head && line.starts_with("Manual: ")) d.manual = line.substr(8);
    else if (head && line.starts_with("Instead: ")) d.instead = line.substr(9);
    else if (!d.text.empty() || !line.empty()) head = false, d.text += line + "\n";
  }
  return d;
}

std::vector<std::string> all_diagnoses() {
  std::vector<std::string> ids;
  for (const auto& entry : fs::recursive_directory_iterator(catalogue_folder()))
    if (entry.path().extension() == ".md")
      ids.push_back(fs::relative(entry.path(), catalogue_folder()).replace_extension().string());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace course
