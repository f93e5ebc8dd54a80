#include "play/lines.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"

namespace play {

Verdict printed_lines(const Program& program, const std::vector<std::string>& these, const std::string& expected,
                      const std::vector<std::string>& others) {
  const auto begins = [](const std::string& line, const std::vector<std::string>& with) {
    return std::any_of(with.begin(), with.end(), [&](const std::string& word) { return line.starts_with(word); });
  };
  std::string came;
  for (const std::string& line : base::split(program.printed(), '\n')) {
    if (begins(line, these)) came += line + "\n";
    else if (!line.empty() && !begins(line, others))
      return Verdict::no(
          {"each line that it prints is one whole event", "there is the line " + base::quote(line), {}, {}, {}, {}});
  }
  if (came == expected) return Verdict::yes();
  return Verdict::no(
      {fmt::format("its lines that begin with {} are all there, once and in order", fmt::join(these, ", ")),
       base::first_difference(expected, came),
       {},
       {},
       {},
       {}});
}

}  // namespace play
