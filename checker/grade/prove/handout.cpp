#include "grade/prove/handout.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "base/tool.hpp"
#include "course/lab.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr const char* list_begins = "<!-- checks -->\n";
constexpr const char* list_ends = "<!-- end of checks -->\n";

// Where the two differ: for each hunk of diff(1) the skeleton's side.
std::vector<std::string> hunks(const std::string& skeleton, const std::string& solution) {
  const base::ToolRun run = base::run_tool({"diff", "-U0", skeleton, solution});
  std::vector<std::string> found;
  for (const std::string& line : base::split(run.said, '\n')) {
    if (line.starts_with("@@")) found.emplace_back();
    else if (!found.empty() && line.starts_with("-")) found.back() += line.substr(1) + "\n";
  }
  return found;
}

void compare_skeleton(const course::Lab& lab, const std::string& program, std::vector<std::string>& faults) {
  const std::string skeleton = course::course_folder() + "/labs/" + lab.key() + "/" + program + ".cpp";
  const std::string solution = course::course_folder() + "/solutions/" + lab.key() + "/" + program + ".cpp";
  if (!fs::exists(solution)) return faults.push_back("there is no solution for " + program), void();
  for (const std::string& hunk : hunks(skeleton, solution))
    if (hunk.find("// TODO ") == std::string::npos)
      faults.push_back(fmt::format("{}: the solution differs where the skeleton has no TODO: {}", program,
                                   hunk.empty() ? "lines added" : base::quote(hunk, 80)));
}

}  // namespace

std::vector<std::string> handout_faults(const course::Lab& lab, const std::vector<Case>& cases) {
  std::vector<std::string> faults;
  const std::string path = course::course_folder() + "/labs/" + lab.key() + "/README.md";
  if (!fs::exists(path)) faults.emplace_back("it has no handout");
  else if (const std::string text = base::read_file(path); with_list_of_checks(text, cases) != text)
    faults.emplace_back("its handout's list of checks is not that of its checks; ./ipclab handout writes it");
  for (const std::string& program : course::programs_of(lab)) compare_skeleton(lab, program, faults);
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

void write_list_of_checks(const course::Lab& lab) {
  const std::string path = course::course_folder() + "/labs/" + lab.key() + "/README.md";
  base::write_file(path, with_list_of_checks(base::read_file(path), cases_of(lab)));
}

}  // namespace grade
