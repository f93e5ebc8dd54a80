#include "course/lab.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/text.hpp"

namespace course {

namespace fs = std::filesystem;

Lab::Lab(std::string key) : key_(std::move(key)) {
  if (!is_key(key_)) throw std::invalid_argument("\"" + key_ + "\" is no lab's name: NN-name");
}

bool Lab::is_key(const std::string& text) {
  const auto is_digit = [&](size_t i) { return std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
  return text.size() > 3 && is_digit(0) && is_digit(1) && text[2] == '-';
}

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

std::vector<Lab> all_labs() {
  std::vector<Lab> labs;
  for (const auto& entry : fs::directory_iterator(course_folder() + "/labs"))
    if (const std::string name = entry.path().filename(); entry.is_directory() && Lab::is_key(name))
      labs.emplace_back(name);
  std::sort(labs.begin(), labs.end());
  return labs;
}

std::vector<Lab> labs_named(const std::string& wanted) {
  std::vector<Lab> found = all_labs();
  if (wanted.empty()) return found;
  const std::string number = wanted.size() == 1 ? "0" + wanted : wanted;
  std::erase_if(found, [&](const Lab& lab) {
    return lab.key() != wanted && lab.number() != number && lab.name() != wanted;
  });
  return found;
}

std::string listed(const std::vector<Lab>& labs) {
  std::vector<std::string> keys;
  for (const Lab& lab : labs) keys.push_back(lab.key());
  return base::join(keys, ", ");
}

std::vector<std::string> programs_of(const Lab& lab) {
  std::vector<std::string> programs;
  for (const auto& entry : fs::directory_iterator(course_folder() + "/labs/" + lab.key()))
    if (entry.path().extension() == ".cpp") programs.push_back(entry.path().stem());
  std::sort(programs.begin(), programs.end());
  return programs;
}

}  // namespace course
