// Characters in UTF-8, and bytes that are none (RFC 3629). Does not know how they are shown.
#pragma once

#include <string_view>

namespace base {

/// How many bytes of a well-formed sequence of two bytes or more start here; 0 where there is none.
size_t utf8_length(std::string_view bytes);

/// The number of the character in such a sequence.
unsigned code_point(std::string_view sequence);

}  // namespace base
