// The frame of every page of a gradebook: its head, a policy that lets it load nothing and run nothing but the course's own script, and
// the style. Knows no grade.
#pragma once

#include <string>
#include <string_view>

#include "tell/gradebook/html.hpp"

namespace tell::gradebook {

enum class Script { none, for_the_class };

/// The whole page.
std::string document(std::string_view title, const Html& body, Script script);

}  // namespace tell::gradebook
