#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace base {
namespace {

// How many bytes of a well-formed UTF-8 sequence start here; 0 when there is none (RFC 3629).
size_t utf8_length(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  const size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || s.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  // U+0080..U+009F are control codes too; overlong and surrogate forms are no text.
  if (first == 0xC2 && byte(1) < 0xA0) return 0;
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) >= 0xA0) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) >= 0x90) return 0;
  // Marks that change the direction of writing could make a report read other than it is.
  if (first == 0xE2 && byte(1) == 0x80 && ((byte(2) >= 0x8B && byte(2) <= 0x8F) || byte(2) >= 0xA8) && byte(2) <= 0xAE)
    return 0;
  if (first == 0xE2 && byte(1) == 0x81 && (byte(2) >= 0xA0 && byte(2) <= 0xAF)) return 0;
  return length;
}

std::string_view line_at(std::string_view text, size_t position) {
  const size_t start = position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
  return text.substr(start, text.find('\n', position) - start);
}

}  // namespace

namespace {

std::string shown(std::string_view bytes, bool quoted) {
  std::string out;
  while (!bytes.empty()) {
    const auto c = static_cast<unsigned char>(bytes[0]);
    size_t taken = 1;
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\r') out += "\\r";
    else if (quoted && c == '\\') out += "\\\\";
    else if (quoted && c == '"') out += "\\\"";
    else if (c >= 0x20 && c < 0x7F) out += bytes[0];
    else if (const size_t length = utf8_length(bytes); length > 0) out += bytes.substr(0, taken = length);
    else out += fmt::format("\\x{:02x}", c);
    bytes.remove_prefix(taken);
  }
  return out;
}

}  // namespace

std::string escape(std::string_view bytes) { return shown(bytes, true); }
std::string printable(std::string_view bytes) { return shown(bytes, false); }

std::string quote(std::string_view bytes, size_t most) {
  if (bytes.size() <= most) return '"' + escape(bytes) + '"';
  return fmt::format("\"{}\" and {} bytes more", escape(bytes.substr(0, most)), bytes.size() - most);
}

std::string first_difference(std::string_view expected, std::string_view actual) {
  const auto at = static_cast<size_t>(
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end()).first - expected.begin());
  if (at == expected.size() && at == actual.size()) return "no difference";
  if (at == actual.size()) return fmt::format("the first {} of {} bytes are right, then it ends", at, expected.size());
  if (at == expected.size())
    return fmt::format("all {} bytes are right, then it goes on with {}", at, quote(actual.substr(at), 40));
  const auto line = 1 + std::count(expected.begin(), expected.begin() + static_cast<long>(at), '\n');
  return fmt::format("they part in line {}: it should be {}, and is {}", line, quote(line_at(expected, at), 60),
                     quote(line_at(actual, at), 60));
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

std::string shell_words(const std::vector<std::string>& words) {
  std::vector<std::string> typed;
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-+=:,./@%") == std::string::npos;
    const bool printable =
        std::all_of(word.begin(), word.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7F; });
    if (plain) {
      typed.push_back(word);
    } else if (printable) {
      std::string quoted = "'";
      for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      typed.push_back(quoted + "'");
    } else {
      std::string quoted = "$'";
      for (const char c : escape(word)) quoted += c == '\'' ? std::string("\\'") : std::string(1, c);
      typed.push_back(quoted + "'");
    }
  }
  return join(typed, " ");
}

}  // namespace base
