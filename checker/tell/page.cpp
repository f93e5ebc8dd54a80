#include "tell/page.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace tell {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

size_t columns() {
  constexpr size_t narrowest = 40, widest = 100, unknown = 80;
  size_t wide = 0;
  if (const char* asked = std::getenv("COLUMNS")) wide = std::strtoul(asked, nullptr, 10);
  if (winsize size{}; wide == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) wide = size.ws_col;
  return wide == 0 ? unknown : std::clamp(wide, narrowest, widest);
}

// UTF-8 in columns: bytes that continue a character take none.
size_t columns_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Words between spaces; a space inside double quotes parts nothing.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escaped = i > 0 && text[i - 1] == '\\';
    if (text[i] == '"' && !escaped) quoted = !quoted && text.find('"', i + 1) != std::string::npos;
    if (text[i] == ' ' && !quoted) words.push_back(std::exchange(word, {}));
    else word += text[i];
  }
  words.push_back(word);
  return words;
}

}  // namespace

Style style_of_output(bool plain) {
  const char* terminal = std::getenv("TERM");
  Style style;
  style.plain = plain || (terminal && std::strcmp(terminal, "dumb") == 0);
  style.colour = !style.plain && isatty(STDOUT_FILENO) && !is_set("NO_COLOR");
  style.width = columns();
  return style;
}

std::string paint(const Style& style, const char* code, const std::string& text) {
  return style.colour ? std::string("\033[") + code + "m" + text + "\033[0m" : text;
}

std::string as_it_is(const Style& style, const std::string& line) {
  if (!style.plain) return line;
  static const std::pair<const char*, const char*> signs[] = {
      {"└ ", "below it: "}, {"├ ", "below it: "}, {"│ ", "  "}, {" · ", ", "}};
  std::string out = line;
  for (const auto& [sign, word] : signs)
    for (size_t at; (at = out.find(sign)) != std::string::npos;) out.replace(at, std::strlen(sign), word);
  return out;
}

std::string wrapped(const Style& style, const std::string& first, const std::string& text) {
  const std::string indent(columns_of(first), ' ');
  std::string out, line = first;
  bool empty = true;
  for (const std::string& paragraph : base::split(as_it_is(style, text), '\n')) {
    if (!empty) out += line + "\n", line = indent, empty = true;
    for (const std::string& word : words_of(paragraph)) {
      if (!empty && columns_of(line) + 1 + columns_of(word) > style.width) out += line + "\n", line = indent, empty = true;
      line += (empty ? "" : " ") + word;
      empty = false;
    }
  }
  return out + line + "\n";
}

std::string headline(const Style& style, const std::string& left, const std::string& right, const std::string& painted) {
  const size_t wide = std::min<size_t>(style.width, 80), taken = columns_of(left) + columns_of(right);
  return painted + std::string(taken < wide ? wide - taken : 1, ' ') + right + "\n";
}

}  // namespace tell
