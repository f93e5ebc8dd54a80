#include "grade/handout.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/course.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr const char* list_begins = "<!-- checks -->\n";
constexpr const char* list_ends = "<!-- end of checks -->\n";

// Lines of `a` that are missing in `b` in runs, as diff finds them: a plain longest common subsequence, because a
// skeleton is short.
std::vector<std::vector<std::string>> hunks(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> common(a.size() + 1, std::vector<size_t>(b.size() + 1, 0));
  for (size_t i = a.size(); i-- > 0;)
    for (size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<std::vector<std::string>> found;
  bool inside = false;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      inside = false;
      continue;
    }
    if (!inside) found.emplace_back(), inside = true;
    if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) found.back().push_back(a[i++]);
    else ++j;
  }
  return found;
}

void compare_skeleton(const std::string& lab, const std::string& program, std::vector<std::string>& faults) {
  const std::string skeleton = course_folder() + "/labs/" + lab + "/" + program + ".cpp";
  const std::string solution = course_folder() + "/solutions/" + lab + "/" + program + ".cpp";
  if (!fs::exists(solution)) return faults.push_back("there is no solution for " + program), void();
  for (const auto& hunk :
       hunks(base::split(base::read_file(skeleton), '\n'), base::split(base::read_file(solution), '\n')))
    if (base::join(hunk, "\n").find("// TODO ") == std::string::npos)
      faults.push_back(fmt::format("{}: the solution differs where the skeleton has no TODO: {}", program,
                                   hunk.empty() ? "lines added" : base::quote(hunk.front(), 80)));
}

}  // namespace

std::vector<std::string> handout_faults(const std::string& lab, const std::vector<Case>& cases) {
  std::vector<std::string> faults;
  const std::string path = course_folder() + "/labs/" + lab + "/README.md";
  if (!fs::exists(path)) faults.emplace_back("it has no handout");
  else if (const std::string text = base::read_file(path); with_list_of_checks(text, cases) != text)
    faults.emplace_back("its handout's list of checks is not that of its checks; ./ipclab handout writes it");
  for (const std::string& program : programs_of(lab)) compare_skeleton(lab, program, faults);
  return faults;
}

std::string with_list_of_checks(const std::string& handout, const std::vector<Case>& cases) {
  std::string list = list_begins;
  for (const Case& c : cases)
    list += fmt::format("{}. {} ({}`{}`)\n", c.number, c.title,
                        c.stretch ? "stretch, " : fmt::format("{} points, ", c.points), c.id);
  const size_t begin = handout.find(list_begins), end = handout.find(list_ends);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return handout + "\n" + list + list_ends;
  return handout.substr(0, begin) + list + handout.substr(end);
}

void write_list_of_checks(const std::string& lab) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& c) { return c.lab != lab; });
  const std::string path = course_folder() + "/labs/" + lab + "/README.md";
  base::write_file(path, with_list_of_checks(base::read_file(path), cases));
}

}  // namespace grade
