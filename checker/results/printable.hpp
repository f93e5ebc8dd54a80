// The second net under every report: whatever a stranger's word got into a record unescaped, no reader of it (a terminal, a
// person with results.json, a page) sees more than printable ASCII and our own signs. Where such a word enters a sentence of
// ours it is escaped already (base::quote); here nothing is known of where a word came from.
#pragma once

#include <string>

#include "results/record.hpp"

namespace results {

/// base::printable() of each line.
std::string printable_lines(const std::string& text);

/// The record with every text in it printable. Its files are not touched.
Record printable(Record record);

}  // namespace results
