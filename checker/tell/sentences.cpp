#include "tell/sentences.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "room/rung.hpp"

namespace tell {

std::string of_cap(const results::Score& score) {
  if (score.instead.empty()) return "";
  return fmt::format("at most {} points, whatever else passes: {} does here what this lab is about{}", results::most_without_mechanism,
                     score.instead, score.lost_to_cap ? fmt::format(" ({} points do not count)", score.lost_to_cap) : "");
}

std::string of_room(const results::Run& run) {
  if (run.rung_why.empty()) return "";
  return fmt::format("the room is weaker here ({}): {}. Reason: {}. make doctor says what mends it", base::printable(run.rung),
                     room::weakness_of(room::Rung::subreaper), base::printable(run.rung_why));
}

}  // namespace tell
