// Pieces of a page, and the one place where strangers' bytes become text of it: what a student has named, printed or handed in can
// only enter a page through Html::add, which escapes it. Knows no grade.
#pragma once

#include <concepts>
#include <fmt/format.h>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace tell::gradebook {

class Html;

/// Text for a page, and for an attribute in double quotes. Letters of every script stay. What nobody can see, what turns a line round,
/// and what is no UTF-8 is shown as \u{202e} or \x1b; &, <, > and both quotes as HTML names them.
std::string escaped(std::string_view bytes);

/// What may be part of an address or an id: whatever else a browser could read there becomes %41.
std::string address(std::string_view bytes);

// How an argument of add() is shown.
inline std::string shown(std::string_view text) { return escaped(text); }
std::string_view shown(const Html& piece);
template <std::integral Number>
Number shown(Number number) { return number; }

class Html {
 public:
  /// Adds code of our own, a literal, with each {} replaced: a text is escaped, a number is written out, a piece stays what it is.
  /// In an attribute {} stands between double quotes.
  template <class... Args>
  Html& add(fmt::format_string<decltype(shown(std::declval<const Args&>()))...> code, const Args&... args) {
    fmt::format_to(std::back_inserter(code_), code, shown(args)...);
    return *this;
  }
  /// Each line of a text of ours on a line of its own.
  Html& add_lines(std::string_view text);
  /// For the course's own style and script alone, which are no HTML.
  static Html of_our_file(std::string_view code);

  const std::string& code() const { return code_; }
  bool empty() const { return code_.empty(); }

 private:
  std::string code_;
};

inline std::string_view shown(const Html& piece) { return piece.code(); }

/// One piece of code, as add() takes it.
template <class... Args>
Html html(fmt::format_string<decltype(shown(std::declval<const Args&>()))...> code, const Args&... args) {
  Html piece;
  piece.add(code, args...);
  return piece;
}

}  // namespace tell::gradebook
