// What a student reads: one line a case, and the first failure told in full.
#pragma once

#include <string>

#include "results/record.hpp"
#include "tell/page.hpp"

namespace tell {

/// The whole report. With one lab every case has a line; with several, every lab has one.
std::string report(const results::Run& run, const Style& style);

/// "01-pipeline  7 of 11 checks" for a line that is written over and over.
std::string progress_line(const results::Run& run);

}  // namespace tell
