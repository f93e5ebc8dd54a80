#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "base/utf8.hpp"

namespace base {

namespace {

// What our own sentences have beyond ASCII: the branches of a tree of processes, and what parts the steps. Nobody can paint
// over a line, turn it round or hide in it with these, so a list of what may stay is all there is: no list of what may not.
bool is_our_sign(std::string_view sequence) {
  constexpr std::string_view signs[]{"\u2514", "\u251c", "\u2502", "\u00b7"};
  return std::find(std::begin(signs), std::end(signs), sequence) != std::end(signs);
}

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

std::string_view line_at(std::string_view text, size_t position) {
  const size_t start = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
  return text.substr(start, text.find('\n', position) - start);
}

}  // namespace

namespace {

// One character as it is shown, and how many bytes it was.
std::pair<std::string, size_t> shown_first(std::string_view bytes, bool in_quotes) {
  const char c = bytes[0];
  if (c == '\n') return {"\\n", 1};
  if (c == '\t') return {"\\t", 1};
  if (c == '\r') return {"\\r", 1};
  if (in_quotes && (c == '\\' || c == '"')) return {std::string{'\\', c}, 1};
  if (is_printable(c)) return {std::string(1, c), 1};
  const std::string_view sequence = bytes.substr(0, utf8_length(bytes));
  if (sequence.size() < 2) return {fmt::format("\\x{:02x}", static_cast<unsigned char>(c)), 1};
  if (!in_quotes && is_our_sign(sequence)) return {std::string(sequence), sequence.size()};
  return {fmt::format("\\u{{{:04x}}}", code_point(sequence)), sequence.size()};
}

std::string shown(std::string_view bytes, bool in_quotes) {
  std::string out;
  while (!bytes.empty()) {
    const auto [text, taken] = shown_first(bytes, in_quotes);
    out += text;
    bytes.remove_prefix(taken);
  }
  return out;
}

// As bash reads it between $' and ': byte for byte, whatever the letters are.
std::string in_dollar_quotes(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\'' || c == '\\') out += std::string{'\\', c};
    else if (is_printable(c)) out += c;
    else out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string escape(std::string_view bytes) { return shown(bytes, true); }
std::string printable(std::string_view bytes) { return shown(bytes, false); }

std::string quote(std::string_view bytes, size_t most) {
  std::string out;
  size_t taken = 0;
  while (taken < bytes.size()) {
    const auto [text, length] = shown_first(bytes.substr(taken), true);
    if (out.size() + text.size() > most) break;
    out += text;
    taken += length;
  }
  if (taken == bytes.size()) return '"' + out + '"';
  return fmt::format("\"{}\" and {} bytes more", out, bytes.size() - taken);
}

std::string quote_end(std::string_view bytes, size_t most) {
  if (escape(bytes.substr(0, most + 1)).size() <= most) return quote(bytes, most);
  // As many of the last bytes as fit, were each one a character; then, where they were more, as many as do.
  size_t from = bytes.size() - std::min(bytes.size(), most);
  while (escape(bytes.substr(from)).size() > most) ++from;
  if (const size_t line = bytes.find('\n', from); line < bytes.size() - 1) from = line + 1;
  return fmt::format("{} bytes, and at last \"{}\"", from, escape(bytes.substr(from)));
}

std::string first_difference(std::string_view expected, std::string_view actual) {
  const auto at = static_cast<size_t>(
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end()).first - expected.begin());
  if (at == expected.size() && at == actual.size()) return "no difference";
  if (at == actual.size()) return fmt::format("the first {} of {} bytes are right, then it ends", at, expected.size());
  if (at == expected.size())
    return fmt::format("all {} bytes are right, then it goes on with {}", at, quote(actual.substr(at), 40));
  const auto line = 1 + std::count(expected.begin(), expected.begin() + static_cast<long>(at), '\n');
  // Both lines from their beginning; or, where that would show only what they have in common, from a little before they part.
  constexpr size_t shown_before = 20;
  const std::string_view expected_line = line_at(expected, at), actual_line = line_at(actual, at);
  const size_t column = static_cast<size_t>(expected.data() + at - expected_line.data());
  const size_t from = column > 2 * shown_before ? column - shown_before : 0;
  return fmt::format("they part in line {}{}: it should be {}, and is {}", line, from ? fmt::format(", byte {}", column + 1) : "",
                     quote(expected_line.substr(from), 60), quote(actual_line.substr(from), 60));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string all;
  for (const std::string& part : parts) all += (&part == &parts.front() ? "" : std::string(separator)) + part;
  return all;
}

std::vector<std::string> first_of(std::vector<std::string> parts, size_t most) {
  if (parts.size() <= most) return parts;
  const size_t more = parts.size() - most;
  parts.resize(most);
  parts.push_back(fmt::format("and {} more", more));
  return parts;
}

namespace {
// How many letters must be put in, taken out or changed to make one of the other (Levenshtein).
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row[b.size()];
}
}  // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& names) {
  constexpr size_t most = 3;
  std::vector<std::pair<size_t, std::string>> close;
  for (const std::string& name : names) {
    const bool part = !word.empty() && name.find(word) != std::string::npos;
    const size_t far = part ? 0 : distance(word, name);
    if (part || far <= std::max<size_t>(2, name.size() / 3)) close.emplace_back(far, name);
  }
  std::stable_sort(close.begin(), close.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> found;
  for (size_t i = 0; i < close.size() && i < most; ++i) found.push_back(close[i].second);
  return found;
}

std::string shell_words(const std::vector<std::string>& words) {
  std::vector<std::string> typed;
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-+=:,./@%") == std::string::npos;
    if (plain) {
      typed.push_back(word);
    } else if (std::all_of(word.begin(), word.end(), is_printable)) {
      std::string quoted = "'";
      for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      typed.push_back(quoted + "'");
    } else {
      typed.push_back("$'" + in_dollar_quotes(word) + "'");
    }
  }
  return join(typed, " ");
}

}  // namespace base
