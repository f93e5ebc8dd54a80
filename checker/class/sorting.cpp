#include "class/sorting.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <optional>
#include <regex>

#include "base/text.hpp"

namespace intake {
namespace {

std::string base_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/')); }

std::string stem_of(const std::string& name) { return name.substr(0, name.rfind('.')); }
bool is_program_text(const std::string& name) { return is_source(name) && !name.ends_with(".hpp") && !name.ends_with(".h"); }

// "pipeline" of "Pipeline (2).cpp", "pipeline-1.cpp", "pipeline - Copy.cpp": what browsers, platforms and desktops make of a name.
std::string plain_stem(const std::string& name) {
  static const std::regex second(R"(( ?\(\d+\)|[-_ ]\d{1,2}|( -)?[ _]copy( \d+)?)$)", std::regex::icase);
  std::string stem = std::regex_replace(stem_of(name), second, "");
  std::ranges::transform(stem, stem.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return stem;
}

struct Candidate {
  const Found* file;
  bool exact;     ///< its name is the program's
  bool in_place;  ///< its folder bears the lab's name
};

const std::string* given(const Wanted& lab, const std::string& name) {
  for (const auto& [file, text] : lab.skeleton)
    if (file == name) return &text;
  return nullptr;
}

std::vector<Candidate> candidates_for(const std::string& program, const Wanted& lab, const std::vector<Found>& files) {
  std::vector<Candidate> found;
  for (const Found& file : files) {
    const std::string name = base_of(file.path);
    if (!is_program_text(name) || plain_stem(name) != program) continue;
    found.push_back({&file, name == program + ".cpp", base_of(folder_of(file.path)) == lab.lab.key()});
  }
  // Whoever has changed one copy of a skeleton means that one.
  const std::string* skeleton = given(lab, program + ".cpp");
  const auto untouched = [&](const Candidate& c) { return skeleton != nullptr && c.file->bytes == *skeleton; };
  if (!std::ranges::all_of(found, untouched)) std::erase_if(found, untouched);
  const auto keep_if_any = [&](const auto& better) {
    if (std::ranges::any_of(found, better)) std::erase_if(found, [&](const Candidate& c) { return !better(c); });
  };
  keep_if_any([](const Candidate& c) { return c.in_place && c.exact; });
  keep_if_any([](const Candidate& c) { return c.exact || c.in_place; });
  return found;
}

// The one that is meant; nothing, and why, where that cannot be known.
const Found* choose(const std::string& program, std::vector<Candidate> found, Sorted& sorted) {
  if (found.empty()) return nullptr;
  const auto same = [&](const Candidate& c) { return c.file->bytes == found.front().file->bytes; };
  if (std::ranges::all_of(found, same)) return found.front().file;
  std::ranges::stable_sort(found, [](const Candidate& a, const Candidate& b) { return a.file->modified > b.file->modified; });
  if (found[0].file->modified > 0 && found[0].file->modified > found[1].file->modified) {
    sorted.notes.push_back(fmt::format("{} versions of {}.cpp: the newest is graded, {}", found.size(), program, found[0].file->path));
    return found[0].file;
  }
  std::vector<std::string> paths;
  for (const Candidate& c : found) paths.push_back(c.file->path);
  sorted.refused = fmt::format("it has {} different versions of {}.cpp, and none is the newer one: {}", found.size(), program,
                               base::join(paths, ", "));
  return nullptr;
}

// Headers beside the program; and where the folder is the lab's own, everything.
void take_beside(const Found& program, const std::vector<Found>& files, const Wanted& lab, Sorted& sorted) {
  const std::string folder = folder_of(program.path);
  const bool own_folder = base_of(folder) == lab.lab.key();
  for (const Found& file : files) {
    const std::string name = base_of(file.path);
    const bool is_program =
        std::ranges::any_of(lab.programs, [&](const std::string& p) { return plain_stem(name) == p && is_program_text(name); });
    if (&file == &program || folder_of(file.path) != folder || is_program || (is_program_text(name) && !own_folder)) continue;
    if (std::ranges::any_of(sorted.files, [&](const auto& taken) { return taken.first == name; })) continue;
    sorted.files.emplace_back(name, file.bytes);
    sorted.modified = std::max(sorted.modified, file.modified);
  }
}

std::optional<Sorted> sort_one(const std::vector<Found>& files, const Wanted& lab) {
  Sorted sorted{lab.lab, {}, {}, {}, 0};
  const Found* any = nullptr;
  for (const std::string& program : lab.programs) {
    const Found* file = choose(program, candidates_for(program, lab, files), sorted);
    if (!sorted.refused.empty()) return sorted;
    if (file == nullptr) continue;
    if (base_of(file->path) != program + ".cpp") sorted.notes.push_back(fmt::format("{}.cpp was handed in as {}", program, file->path));
    sorted.files.emplace_back(program + ".cpp", file->bytes);
    sorted.modified = std::max(sorted.modified, file->modified);
    any = file;
  }
  if (any == nullptr) return std::nullopt;
  take_beside(*any, files, lab, sorted);
  for (const auto& [name, text] : lab.skeleton)
    if (!is_program_text(name) && std::ranges::none_of(sorted.files, [&](const auto& f) { return f.first == name; })) {
      sorted.files.emplace_back(name, text);
      sorted.notes.push_back(fmt::format("{} was not handed in: it is the skeleton's", name));
    }
  std::ranges::sort(sorted.files);
  return sorted;
}

}  // namespace

std::vector<Sorted> sort_into_labs(const std::vector<Found>& files, const std::vector<Wanted>& labs) {
  std::vector<Sorted> all;
  for (const Wanted& lab : labs)
    if (auto sorted = sort_one(files, lab)) all.push_back(std::move(*sorted));
  return all;
}

}  // namespace intake
