// Words for what programs print: escaped, short, with the first difference marked.
// Knows nothing of where the bytes came from. A control code never leaves here raw.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Printable ASCII stays; everything else becomes \n, \t, \u{NNNN}, and \xNN where it is no UTF-8.
std::string escape(std::string_view bytes);

/// For a sentence of ours with a stranger's words in it: quotes, backslashes and our own signs (trees, dots) stay.
std::string printable(std::string_view bytes);

/// escape() in double quotes, at most `most` characters between them; says how much was left out.
std::string quote(std::string_view bytes, size_t most = 120);
/// The same of the end, from the beginning of a line where there is one: for what came last matters most.
std::string quote_end(std::string_view bytes, size_t most = 200);

/// Where two texts part: "they part in line 3: it should be "x", and is "y"".
std::string first_difference(std::string_view expected, std::string_view actual);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// At most so many of a list, and then "and 3 more".
std::vector<std::string> first_of(std::vector<std::string> parts, size_t most);

/// Those of the names that a person may have meant, the likeliest first, at most three: few letters differ, or the word is
/// part of it.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& names);

/// Words as a shell would need them typed.
std::string shell_words(const std::vector<std::string>& words);

}  // namespace base
