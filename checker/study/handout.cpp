#include "study/handout.hpp"

#include <fmt/format.h>
#include <regex>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace study {
namespace {

// "[pipe(2)](https://...)" is told as "pipe(2)", "**Wait.**" as "Wait.".
std::string plain(std::string text) {
  static const std::regex link(R"(\[([^\]]*)\]\([^)]*\))"), strong(R"(\*\*([^*]*)\*\*)"), quoted(R"(`([^`]*)`)"), spaces(R"( {2,})");
  text = std::regex_replace(text, link, "$1");
  text = std::regex_replace(text, strong, "$1");
  text = std::regex_replace(text, quoted, "$1");
  return std::regex_replace(text, spaces, " ");
}

}  // namespace

std::string step_of(const course::Lab& lab, int number) {
  const std::string mark = fmt::format("{}. ", number);
  std::string text;
  bool in_steps = false, in_step = false;
  for (const std::string& line : base::split(base::read_file(course::course_folder() + "/labs/" + lab.key() + "/README.md"), '\n')) {
    if (line.starts_with("## ")) in_steps = line == "## Steps";
    const bool begins_another = !line.empty() && line.front() != ' ';
    if (in_steps && line.starts_with(mark)) in_step = true, text = line.substr(mark.size());
    else if (!in_steps || begins_another || line.find("```") != std::string::npos || line.empty()) in_step = false;
    else if (in_step) text += " " + line;
  }
  return plain(text);
}

}  // namespace study
