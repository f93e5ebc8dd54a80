#include "grade/course.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

bool is_lab_name(const std::string& name) {
  return name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::isdigit(static_cast<unsigned char>(name[1])) && name[2] == '-';
}

std::string catalogue_folder() { return course_folder() + "/checker/catalogue/"; }

}  // namespace

std::string course_folder() {
  const char* home = std::getenv("IPCLAB_HOME");
  const std::string folder = home && *home ? home : fs::current_path().string();
  if (!fs::is_directory(folder + "/labs") || !fs::is_directory(folder + "/checker"))
    throw std::runtime_error(folder + " is not the course's folder: it has no labs/ and checker/");
  return folder;
}

std::string build_folder() {
  const char* build = std::getenv("IPCLAB_BUILD");
  return build && *build ? build : course_folder() + "/build";
}

std::vector<std::string> all_labs() {
  std::vector<std::string> labs;
  for (const auto& entry : fs::directory_iterator(course_folder() + "/labs"))
    if (entry.is_directory() && is_lab_name(entry.path().filename())) labs.push_back(entry.path().filename());
  std::sort(labs.begin(), labs.end());
  return labs;
}

std::vector<std::string> labs_named(const std::string& wanted) {
  std::vector<std::string> found = all_labs();
  if (wanted.empty()) return found;
  const std::string number = wanted.size() == 1 ? "0" + wanted : wanted;
  std::erase_if(found, [&](const std::string& lab) {
    return lab != wanted && lab.substr(0, 2) != number && lab.substr(3) != wanted;
  });
  return found;
}

std::vector<std::string> programs_of(const std::string& lab) {
  std::vector<std::string> programs;
  for (const auto& entry : fs::directory_iterator(course_folder() + "/labs/" + lab))
    if (entry.path().extension() == ".cpp") programs.push_back(entry.path().stem());
  std::sort(programs.begin(), programs.end());
  return programs;
}

std::vector<room::Installed> own_programs() {
  std::vector<room::Installed> programs;
  for (const char* name : {"gate", "leader", "unsafe_calls.so"})
    programs.push_back({name, base::read_file(build_folder() + "/" + name)});
  return programs;
}

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

}  // namespace grade
