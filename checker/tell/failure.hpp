// One failure in full: what was expected and what came, the evidence, what to do, how to see it again.
#pragma once

#include <string>

#include "results/record.hpp"
#include "tell/page.hpp"

namespace tell {

/// Every text in the record can be shown as it is (results::printable). `tree` is what was graded, as it was named.
std::string failure_in_full(const results::Record& record, const std::string& tree, const Style& style);

}  // namespace tell
