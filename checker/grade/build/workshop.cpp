#include "grade/build/workshop.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/fd.hpp"

namespace grade {

namespace fs = std::filesystem;

Workshop::Workshop(const std::string& tree, const course::Lab& lab, bool sanitized) : programs_(own_programs()) {
  const std::string executables = executables_of(tree) + "/" + lab.key();
  folder_ = fs::relative(executables).string();
  if (!folder_.starts_with(".")) folder_ = "./" + folder_;
  try {
    for (const std::string& name : course::programs_of(lab))
      sources_.push_back(read_source(tree + "/" + lab.key(), name, executables + "/" + name));
  } catch (const std::runtime_error& e) {
    trouble_ = e.what();
    return;
  }
  for (size_t i = 0, plain = sources_.size(); sanitized && i < plain; ++i)
    sources_.push_back(grade::sanitized(sources_[i]));
  unbuilt_ = sources_.size();
  for (const Source& source : sources_)
    if (is_fresh(source)) take(source);
}

std::vector<const Source*> Workshop::stale() const {
  std::vector<const Source*> all;
  for (const Source& source : sources_)
    if (!is_fresh(source)) all.push_back(&source);
  return all;
}

void Workshop::take(const Source& source) {
  programs_.push_back({installed_name(source), base::read_file(source.target)});
  --unbuilt_;
}

void Workshop::built(const Source& source, const std::string& executable) {
  keep(source, executable);
  take(source);
}

void Workshop::failed(const Source& source, const std::string& why) {
  if (source.sanitized) {
    sanitizer_trouble_ = "the build with ThreadSanitizer failed: " + why;
    --unbuilt_;
  } else if (trouble_.empty()) {
    trouble_ = fmt::format("{}.cpp: {}", source.name, why);
  }
}

std::vector<std::string> Workshop::names() const {
  std::vector<std::string> names;
  for (const Source& source : sources_)
    if (!source.sanitized) names.push_back(source.name);
  return names;
}

std::string executables_of(const std::string& tree) {
  const std::string build = course::build_folder();
  const fs::path path = fs::weakly_canonical(tree);
  for (const char* own : {"labs", "solutions"})
    if (path == fs::weakly_canonical(course::course_folder() + "/" + own)) return build + "/" + own;
  return build + "/trees/" + path.filename().string() + "-" + base::sha256(path.string()).substr(0, 8);
}

std::vector<room::Installed> own_programs() {
  std::vector<room::Installed> programs;
  for (const char* name : {"gate", "session_leader", "unsafe_calls.so"})
    programs.push_back({name, base::read_file(course::build_folder() + "/" + name)});
  return programs;
}

}  // namespace grade
