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

// Who has read one handout finds his way in the next.
const std::vector<std::string> sections{"## The idea", "## The finished program", "## Steps", "## What the checker verifies",
                                        "## Predict, then run", "## Further", "## Common mistakes"};
const std::vector<std::string> told_first{"**Time** about ", "**Difficulty** ", "**Before** ", "You will be able to"};

}  // namespace

std::vector<std::string> handout_faults(const course::Lab& lab, const std::vector<Case>& cases) {
  std::vector<std::string> faults;
  const std::string path = course::course_folder() + "/labs/" + lab.key() + "/README.md";
  if (!fs::exists(path)) faults.emplace_back("it has no handout");
  else {
    const std::string text = base::read_file(path);
    faults = shape_faults(text);
    if (with_list_of_checks(text, cases) != text)
      faults.emplace_back("its handout's list of checks is not that of its checks; ./ipclab handout writes it");
  }
  for (const std::string& program : course::programs_of(lab)) compare_skeleton(lab, program, faults);
  return faults;
}

std::vector<std::string> shape_faults(const std::string& text) {
  std::vector<std::string> faults;
  const std::string head = text.substr(0, text.find("\n## "));
  for (const std::string& part : told_first)
    if (head.find(part) == std::string::npos) faults.push_back(fmt::format("its handout does not say before the first section: {}", part));
  size_t at = 0;
  for (const std::string& section : sections) {
    const size_t found = text.find("\n" + section + "\n", at);
    if (found == std::string::npos) faults.push_back(fmt::format("its handout has no section \"{}\" in its place", section.substr(3)));
    else at = found;
  }
  // Within a line of HTML nothing is formatted, so that backticks stay what they are (CommonMark, HTML blocks).
  for (const std::string& line : base::split(text, '\n'))
    if (line.find("<summary>") != std::string::npos && !line.ends_with("</summary>"))
      faults.push_back("its handout has an answer that does not begin on a line of its own: " + base::quote(line, 60));
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
