// JSON as the platforms get it: in the order in which it was put together, and in ASCII, whatever a folder or a course is called.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tell::formats {

using json = nlohmann::ordered_json;

/// Indented, with a newline at its end; on one line and without it where `indent` is -1. What is no UTF-8 is replaced.
inline std::string text_of(const json& object, int indent = 1) {
  return object.dump(indent, ' ', true, json::error_handler_t::replace) + (indent < 0 ? "" : "\n");
}

}  // namespace tell::formats
