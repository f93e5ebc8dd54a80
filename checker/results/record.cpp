#include "results/record.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>

namespace results {

std::string name_of(Result result) {
  static constexpr std::array names{"not run", "passed", "failed", "skipped", "not attempted",
                                    "could not be checked", "follows"};
  return names.at(static_cast<size_t>(result));
}

std::string name_of(Ground ground) {
  static constexpr std::array names{"",      "differs", "ended",    "waits for the check",
                                    "stuck", "spent",   "not built"};
  return names.at(static_cast<size_t>(ground));
}

std::string now() {
  using namespace std::chrono;
  const auto moment = system_clock::now();
  const auto ms = duration_cast<milliseconds>(moment.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(moment)), ms);
}

}  // namespace results
