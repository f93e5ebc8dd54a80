// Names as nobody should have them, for every place where a stranger's bytes are shown.
#pragma once

#include <random>
#include <string>

namespace tests {

inline std::string letter(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  const auto low = [&](int bits) { return static_cast<char>(0x80 | (c >> bits & 0x3F)); };
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), low(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), low(6), low(0)};
  return {static_cast<char>(0xF0 | c >> 18), low(12), low(6), low(0)};
}

/// Bytes, letters of all kinds, and the worst of both.
inline std::string random_name(std::mt19937& random) {
  static const std::string worst[]{"\033]0;owned\a", "\033[2J",    "\033[32m", "\u061c", "\ufeff", "\u00ad", "\u202e",
                                   "\u3164",         "\U000e0041", "\u009b",   "\r",     "\b",     "\n"};
  std::string name;
  for (auto length = random() % 12 + 1; length > 0; --length) switch (random() % 3) {
      case 0: name += static_cast<char>(random()); break;
      case 1: name += letter(static_cast<char32_t>(random() % 0x110000)); break;
      default: name += worst[random() % std::size(worst)];
    }
  return name;
}

/// What a page could take for its own code, or show as something else.
inline const std::string for_a_page[]{"<script>document.title='owned'</script>",
                                      "\"><img src=x onerror=\"document.title='owned'\">",
                                      "' onmouseover='document.title=1",
                                      "</td></tr></table></title></style></script><h1>owned",
                                      "<!-- ",
                                      "&lt;b&gt; &#60;",
                                      "\u202egnp.exe",
                                      "a\u200bb\ufeffc\u00ad",
                                      "\033[2J\033]0;owned\a",
                                      "\xff\xfe\xc0\xaf",
                                      "{} {0} %s",
                                      "Zalgo\u0300\u0301\u0302\u0303\u0304\u0305\u0306",
                                      "javascript:alert(1)",
                                      "`code` ]]>"};

}  // namespace tests
