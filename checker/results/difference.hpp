// Two runs of the same programs, compared: which verdicts differ, and what the runs were made with.
#pragma once

#include <string>
#include <vector>

#include "results/record.hpp"

namespace results {

struct Difference {
  std::vector<std::string> verdicts;  ///< "end-of-file: was passed, is failed": none where the second run found the same
  std::vector<std::string> means;     ///< "kernel: was 6.1.0, is 6.12.3": what else is not the same
};

Difference difference(const Run& before, const Run& now);

}  // namespace results
