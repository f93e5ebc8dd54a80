#include "grade/build/todos.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"

namespace grade {
namespace {

std::string trimmed(const std::string& line) {
  const size_t begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
  return begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
}

// Comments and quoted text blanked, each byte and each line at its place.
std::string code_of(const std::string& text) {
  std::string code = text;
  const auto blank_up_to = [&](size_t from, size_t to) {
    to = std::min(to, code.size());
    for (size_t i = from; i < to; ++i)
      if (code[i] != '\n') code[i] = ' ';
    return to;
  };
  for (size_t i = 0; i < code.size();) {
    if (text.compare(i, 2, "//") == 0) i = blank_up_to(i, text.find('\n', i));
    else if (text.compare(i, 2, "/*") == 0) i = blank_up_to(i, text.find("*/", i + 2) == std::string::npos ? text.size() : text.find("*/", i + 2) + 2);
    else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))) {
      size_t end = i + 1;
      while (end < text.size() && text[end] != text[i] && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      i = blank_up_to(i + 1, end) + 1;
    } else {
      ++i;
    }
  }
  return code;
}

struct Block {
  size_t begin = 0, end = std::string::npos;
  bool top = true;
};

// The innermost pair of braces around this place.
Block block_around(const std::string& code, size_t at) {
  Block block;
  int depth = 0;
  for (size_t i = at; block.top && i-- > 0;) {
    if (code[i] == '}') ++depth;
    else if (code[i] == '{' && depth-- == 0) block = {i + 1, code.size(), false};
  }
  depth = 0;
  for (size_t i = at; !block.top && i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    else if (code[i] == '}' && depth-- == 0) return {block.begin, i, false};
  }
  return block;
}

struct Line {
  std::string code;  // without comments and what a program may leave out; empty where there is nothing else
  bool todo = false, for_now = false;
};

std::string without(std::string text, const std::string& word) {
  for (size_t at; (at = text.find(word)) != std::string::npos;) text.erase(at, word.size());
  return text;
}

// The lines of a block, and which of them holds this place.
std::vector<Line> lines_of(const std::string& text, const std::string& code, const Block& block, size_t at, size_t& which) {
  std::vector<Line> lines;
  for (size_t begin = block.begin; begin < block.end;) {
    const size_t end = std::min(block.end, code.find('\n', begin));
    if (begin <= at && at <= end) which = lines.size();
    // The words of the text, not of the code: what is quoted counts.
    const std::string bare = trimmed(code.substr(begin, end - begin));
    const size_t first = code.find_first_not_of(" \t", begin), last = code.find_last_not_of(" \t\r", end - 1);
    const std::string whole = text.substr(begin, end - begin);
    const std::string line = bare.empty() ? "" : without(without(text.substr(first, last - first + 1), "[[maybe_unused]] "), "static ");
    lines.push_back({line, whole.find("TODO ") != std::string::npos, whole.ends_with("// for now")});
    begin = end + 1;
  }
  return lines;
}

bool stands_in(const Line& of) {
  const std::string& line = of.code;
  const bool is_word = line.find('(') == std::string::npos;
  return of.for_now || line.starts_with("(void)") || line == "_exit(0);" || line.find_first_not_of("{};") == std::string::npos || line == "errno = ENOSYS;" ||
         (line.starts_with("return") && is_word) || (line.starts_with("complain(") && line.find(" yet\"") != std::string::npos);
}

// What stands between this TODO and the next one. Of several comments in a row each is answered by what follows them all,
// and what stands above the first of a block answers that one.
bool has_begun(const std::vector<Line>& lines, size_t which, const std::set<std::string>& given) {
  const auto is_own = [&](const Line& line) { return !line.code.empty() && !stands_in(line) && !given.contains(line.code); };
  size_t above = which;
  while (above > 0 && lines[above - 1].code.empty()) --above;
  const bool first = std::none_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(above), [](const Line& l) { return l.todo; });
  if (first && std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(above), is_own)) return true;
  bool code_seen = false;
  for (size_t i = which; i < lines.size(); ++i) {
    if (lines[i].todo && code_seen) return false;
    code_seen = code_seen || !lines[i].code.empty();
    if (is_own(lines[i])) return true;
  }
  return false;
}

std::vector<size_t> places_of(const std::string& todo, const std::string& text) {
  std::vector<size_t> places;
  for (size_t at = text.find(todo); at != std::string::npos; at = text.find(todo, at + 1))
    if (at + todo.size() == text.size() || !std::isdigit(static_cast<unsigned char>(text[at + todo.size()]))) places.push_back(at);
  return places;
}

}  // namespace

std::vector<std::string> todos_left(const std::vector<int>& numbers, const Files& theirs, const Files& given) {
  std::set<std::string> lines;
  for (const auto& [name, text] : given) {
    size_t none = 0;
    for (const Line& line : lines_of(text, code_of(text), {0, text.size()}, 0, none)) lines.insert(line.code);
  }
  std::vector<std::string> left;
  for (const int number : numbers)
    for (const auto& [name, text] : theirs) {
      const std::string todo = fmt::format("TODO {}", number), code = code_of(text);
      const std::vector<size_t> places = places_of(todo, text);
      const bool begun = std::any_of(places.begin(), places.end(), [&](size_t at) {
        const Block block = block_around(code, at);
        if (block.top || given.empty()) return false;
        size_t which = 0;
        const std::vector<Line> around = lines_of(text, code, block, at, which);
        return has_begun(around, which, lines);
      });
      if (!places.empty() && !begun) left.push_back(fmt::format("{} in {}", todo, name));
    }
  return left;
}

}  // namespace grade
