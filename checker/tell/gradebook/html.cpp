#include "tell/gradebook/html.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tell::gradebook {
namespace {

struct Range {
  unsigned first, last;
};

template <size_t N>
bool is_in(const Range (&ranges)[N], unsigned point) {
  return std::ranges::any_of(ranges, [&](const Range& r) { return r.first <= point && point <= r.last; });
}

// What nobody sees, or sees as an empty place, and what turns the direction of a line: Unicode's default ignorable, bidirectional,
// separating, private and unassigned-for-ever characters, and the blanks that are letters.
constexpr Range unseen[]{{0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},       {0x034F, 0x034F},   {0x061C, 0x061C},
                         {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},
                         {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
                         {0xE000, 0xF8FF}, {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
                         {0xFFF0, 0xFFFC}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF}};

// Marks upon the letter before them. A name has a few; a hundred paint over the lines above.
constexpr Range marks[]{{0x0300, 0x036F}, {0x0483, 0x0489}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};
constexpr int most_marks = 3;

// From Arabic to Sinhala letters join or part by U+200C and U+200D: between two of them these belong to the spelling of a name.
constexpr Range joining[]{{0x0600, 0x0DFF}};

// Spaces that names have, beside the ordinary one.
constexpr unsigned no_break_space = 0xA0, wide_space = 0x3000, non_joiner = 0x200C, joiner = 0x200D;

std::string named(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n': return "\\n";
    case '\t': return "\\t";
    case '\r': return "\\r";
    default: return c >= 0x20 && c < 0x7F ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
}

unsigned first_point(std::string_view bytes) {
  const size_t length = base::utf8_length(bytes);
  return length > 1 ? base::code_point(bytes.substr(0, length)) : 0;
}

}  // namespace

std::string escaped(std::string_view bytes) {
  std::string out;
  unsigned before = 0;
  int marks_here = 0;
  while (!bytes.empty()) {
    const size_t length = std::max<size_t>(1, base::utf8_length(bytes));
    const std::string_view letter = bytes.substr(0, length);
    bytes.remove_prefix(length);
    if (length == 1) {
      out += named(letter[0]);
      before = 0;
      marks_here = 0;
      continue;
    }
    const unsigned point = base::code_point(letter);
    marks_here = is_in(marks, point) ? marks_here + 1 : 0;
    const bool spells = (point == non_joiner || point == joiner) && is_in(joining, before) && is_in(joining, first_point(bytes));
    if (point == no_break_space || point == wide_space) out += ' ';
    else if (marks_here > most_marks || (is_in(unseen, point) && !spells)) out += fmt::format("\\u{{{:04x}}}", point);
    else out += letter;
    before = point;
  }
  return out;
}

std::string address(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Html& Html::add_lines(std::string_view text) {
  bool first = true;
  for (const std::string& line : base::split(text, '\n')) {
    if (!first) code_ += "\n";
    code_ += escaped(line);
    first = false;
  }
  return *this;
}

Html Html::of_our_file(std::string_view code) {
  Html piece;
  piece.code_ = code;
  return piece;
}

}  // namespace tell::gradebook
