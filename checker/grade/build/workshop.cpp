#include "grade/build/workshop.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "grade/build/compile.hpp"
#include "grade/build/executables.hpp"
#include "grade/build/todos.hpp"

namespace grade {

namespace fs = std::filesystem;

Workshop::Workshop(const std::string& tree, const course::Lab& lab, const Building& building) : lab_(lab), building_(building) {
  try {
    programs_ = own_programs();
    read(tree, lab);
  } catch (const StudentsTrouble& e) {
    is_in_trouble(Whose::students, e.what());
  } catch (const std::exception& e) {
    is_in_trouble(Whose::machines, e.what());
  }
}

void Workshop::read(const std::string& tree, const course::Lab& lab) {
  const std::string executables = executables_of(building_.copied ? course::course_folder() + "/labs" : tree) + "/" + lab.key();
  folder_ = fs::relative(executables).string();
  if (!folder_.starts_with(".")) folder_ = "./" + folder_;
  const auto files = read_files(tree, lab);
  for (const std::string& name : course::programs_of(lab))
    sources_.push_back(source_of(name, files, executables + "/" + name));
  const size_t plain = sources_.size();
  for (size_t i = 0; building_.sanitized && i < plain; ++i)
    sources_.push_back(grade::sanitized(sources_[i]));
  if (building_.lean) std::transform(sources_.begin(), sources_.begin() + static_cast<ptrdiff_t>(plain), sources_.begin(), grade::lean);
  unbuilt_ = sources_.size();
  for (const Source& source : sources_) {
    if (const auto built = building_.copied ? std::nullopt : built_before(source)) take(source, *built);
    else stale_.push_back(&source);
  }
}

void Workshop::take(const Source& source, const Built& built) {
  programs_.push_back({installed_name(source), built.executable});
  if (!source.sanitized) warnings_.insert(warnings_.end(), built.warnings.begin(), built.warnings.end());
  --unbuilt_;
}

void Workshop::is_in_trouble(Whose whose, const std::string& why) {
  if (!trouble_.empty()) return;  // the first one is told
  trouble_ = why;
  whose_ = whose;
}

void Workshop::answered(const Source& source, const std::string& answer) {
  try {
    const Built built = built_in(answer);
    if (!building_.copied) keep(source, built);
    take(source, built);
  } catch (const StudentsTrouble& e) {
    is_in_trouble(Whose::students, fmt::format("{}.cpp: {}{}", source.name, source.sanitized ? "with ThreadSanitizer, " : "", e.what()));
  } catch (const std::exception& e) {
    failed(source, e.what());
  }
}

void Workshop::failed(const Source& source, const std::string& why) {
  if (source.sanitized) {
    sanitizer_trouble_ = "the build with ThreadSanitizer failed: " + why;
    --unbuilt_;
  } else {
    is_in_trouble(Whose::machines, fmt::format("{}.cpp: {}", source.name, why));
  }
}

std::vector<std::string> Workshop::names() const {
  std::vector<std::string> names;
  for (const Source& source : sources_)
    if (!source.sanitized) names.push_back(source.name);
  return names;
}

std::vector<std::string> Workshop::todos_left(const std::vector<int>& numbers) const {
  if (sources_.empty() || numbers.empty()) return {};
  // Read only where a failure asks for it. A course may be handed out without its solutions.
  const std::string solutions = course::course_folder() + "/solutions";
  const bool here = fs::is_directory(solutions + "/" + lab_.key());
  return grade::todos_left(numbers, *sources_.front().files, here ? *read_files(solutions, lab_) : Files{});
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
  for (const char* name : {"gate", "session_leader", "below_strace", "unsafe_calls.so"})
    programs.push_back({name, base::read_file(course::build_folder() + "/" + name)});
  return programs;
}

}  // namespace grade
