// One failure in full: what was expected and what came, the evidence, what to do, how to see it again.
#pragma once

#include <string>

#include "results/record.hpp"
#include "tell/page.hpp"

namespace tell {

/// Every text in the record can be shown as it is (results::printable). `run` tells how to ask for it again.
std::string failure_in_full(const results::Record& record, const results::Run& run, const Style& style);

}  // namespace tell
