#include "tell/gradebook/mistake.hpp"

#include "base/text.hpp"

namespace tell::gradebook {
namespace {

constexpr std::string_view indent = "    ";

Html block(const std::vector<std::string>& lines, bool picture) {
  Html out;
  if (lines.empty()) return out;
  if (picture) return out.add("<pre>{}</pre>\n", Html{}.add_lines(base::join(lines, "\n")));
  return out.add("<p>{}</p>\n", with_code(base::join(lines, " ")));
}

}  // namespace

Html with_code(std::string_view sentence) {
  Html out;
  bool code = false;
  const std::vector<std::string> parts = base::split(sentence, '`');
  for (const std::string& part : parts) {
    const bool closed = &part != &parts.back();
    if (code && closed) out.add("<code>{}</code>", part);
    else if (code) out.add("`{}", part);
    else out.add("{}", part);
    code = !code;
  }
  return out;
}

Html mistake_in_full(const course::Diagnosis& mistake) {
  Html out;
  std::vector<std::string> lines;
  bool picture = false;
  const auto give = [&] {
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    out.add("{}", block(lines, picture));
    lines.clear();
  };
  for (const std::string& line : base::split(mistake.text, '\n')) {
    const bool drawn = line.starts_with(indent);
    // An empty line ends a paragraph; a picture may have some.
    if (line.empty() && !picture) give();
    else if (line.empty()) lines.emplace_back();
    else {
      if (drawn != picture) give(), picture = drawn;
      lines.push_back(drawn ? line.substr(indent.size()) : line);
    }
  }
  give();
  if (!mistake.hint.empty()) out.add("<p><b>Hint</b> {}</p>\n", with_code(mistake.hint));
  return out.add("<p class=\"more\"><code>make explain ID={}</code> <code>{}</code></p>\n", mistake.id, mistake.manual);
}

}  // namespace tell::gradebook
