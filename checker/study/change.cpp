#include "study/change.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <regex>
#include <set>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "base/tool.hpp"
#include "study/skeleton.hpp"

namespace study {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> sources_of(const course::Lab& lab) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(course::course_folder() + "/labs/" + lab.key()))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// "TODO 3" stands in the text, and not only as the beginning of "TODO 31"; "TODO 2 and 3" names both.
bool names_todo(const std::string& text, int todo) {
  const std::regex named(fmt::format(R"(TODO (\d+(,| and|, and) )*{}\b)", todo));
  return std::regex_search(text, named);
}

// What looks like a call in these lines: a word before a parenthesis that is no keyword.
std::vector<std::string> calls_in(const std::vector<std::string>& lines) {
  static const std::regex call(R"(([A-Za-z_][A-Za-z0-9_]*)\s*\()");
  static const std::set<std::string> keywords{
      "if", "for", "while", "switch", "return", "sizeof", "catch", "static_cast", "reinterpret_cast", "const_cast", "must"};
  std::vector<std::string> found;
  for (const std::string& line : lines) {
    const std::string code = line.substr(0, line.find("//"));
    for (auto at = std::sregex_iterator(code.begin(), code.end(), call); at != std::sregex_iterator(); ++at)
      if (const std::string name = (*at)[1]; !keywords.contains(name) && std::ranges::find(found, name) == found.end())
        found.push_back(name);
  }
  return found;
}

struct Hunk {
  std::string function;
  size_t first_line = 0;  ///< of the solution
  std::vector<std::string> before, after;
};

// The line that begins the function around this line, counted from 1: the nearest above that is not set in.
std::string function_at(const std::vector<std::string>& text, size_t number) {
  for (size_t i = std::min(number, text.size()); i-- > 0;)
    if (!text[i].empty() && (std::isalpha(static_cast<unsigned char>(text[i][0])) != 0 || text[i][0] == '[') &&
        text[i].find('(') != std::string::npos)
      return text[i];
  return {};
}

std::vector<Hunk> hunks(const std::string& skeleton, const std::string& solution) {
  std::vector<Hunk> all;
  const std::vector<std::string> text = base::split(base::read_file(skeleton), '\n');
  const base::ToolRun diff = base::run_tool({"diff", "-U0", skeleton, solution});
  for (const std::string& line : base::split(diff.said, '\n')) {
    if (line.starts_with("@@")) {
      const size_t plus = line.find('+');  // "@@ -88,3 +88,4 @@"
      const size_t first = plus == std::string::npos ? 0 : std::strtoul(line.c_str() + plus + 1, nullptr, 10);
      all.push_back({function_at(text, std::strtoul(line.c_str() + 4, nullptr, 10)), first, {}, {}});
    } else if (!all.empty() && line.starts_with("-")) {
      all.back().before.push_back(line.substr(1));
    } else if (!all.empty() && line.starts_with("+")) {
      all.back().after.push_back(line.substr(1));
    }
  }
  return all;
}

}  // namespace

std::vector<Change> changes_in(const course::Lab& lab) {
  std::vector<Change> changes;
  for (const std::string& name : sources_of(lab)) {
    const std::string solution = course::course_folder() + "/solutions/" + lab.key() + "/" + name;
    if (!fs::exists(solution)) continue;
    for (const Hunk& hunk : hunks(skeleton_of(lab, name), solution)) {
      const std::vector<std::string> given = calls_in(hunk.before);
      Change change{name, hunk.function, hunk.first_line, hunk.after, base::join(hunk.before, "\n"), calls_in(hunk.after)};
      std::erase_if(change.calls, [&](const std::string& call) { return std::ranges::find(given, call) != given.end(); });
      changes.push_back(std::move(change));
    }
  }
  return changes;
}

bool is_for(const Change& change, int todo) { return names_todo(change.asked, todo); }

std::vector<Change> changes_for(const course::Lab& lab, int todo) {
  std::vector<Change> changes = changes_in(lab);
  std::erase_if(changes, [&](const Change& change) { return !is_for(change, todo); });
  return changes;
}

std::vector<std::string> words_of(const course::Lab& lab, int todo) {
  std::vector<std::string> all;
  for (const std::string& name : sources_of(lab)) {
    bool inside = false;
    for (const std::string& line : base::split(base::read_file(skeleton_of(lab, name)), '\n')) {
      const size_t comment = line.find("//");
      const std::string text = comment == std::string::npos ? "" : line.substr(std::min(line.size(), comment + 3));
      if (text.empty()) inside = false;
      if (inside && text.find("TODO ") == std::string::npos) all.back() += " " + text;
      if (text.find("TODO ") == std::string::npos) continue;
      inside = names_todo(text, todo);
      if (inside) all.push_back(text);
    }
  }
  return all;
}

}  // namespace study
