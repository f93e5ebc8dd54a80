// How text is laid on a terminal: its width, colours, signs. Knows nothing of what is told.
#pragma once

#include <string>

namespace tell {

struct Style {
  bool colour = false;
  bool plain = false;  ///< no signs that draw: for a screen reader, or a terminal that has none
  size_t width = 80;   ///< columns
};

/// What the standard output of this process is, and what was asked for: NO_COLOR, TERM=dumb, COLUMNS. A line of more than
/// 100 columns is hard to read, one below 40 cannot be laid out: the width lies between.
Style style_of_output(bool plain);

std::string paint(const Style& style, const char* code, const std::string& text);

/// Lines of at most `width` columns, the first with `first` before it, the others indented as far. What stands in double
/// quotes is never broken: somebody may want to copy it.
std::string wrapped(const Style& style, const std::string& first, const std::string& text);

/// A line as it is: a picture, a command. Only its signs follow the style.
std::string as_it_is(const Style& style, const std::string& line);

/// Something on the left and something on the right of a line. Colours take no columns: `painted` is the left side with them.
std::string headline(const Style& style, const std::string& left, const std::string& right, const std::string& painted);

}  // namespace tell
