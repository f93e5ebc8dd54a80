#include "grade/run/needs.hpp"

#include <algorithm>

namespace grade {
namespace {

using results::Record, results::Result, results::Run;

constexpr int burnt_enough = 3;

const Record* needed(const Run& run, const Record& record, const std::string& id) {
  const auto found = std::find_if(run.records.begin(), run.records.end(),
                                  [&](const Record& r) { return r.lab == record.lab && r.id == id; });
  return found == run.records.end() ? nullptr : &*found;
}

// Or what a need needs: it may pass all the same, and yet be no ground to stand on. Needs are earlier cases, so this ends.
bool lacks_a_need(const Run& run, const Record& record) {
  return std::any_of(record.needs.begin(), record.needs.end(), [&](const std::string& id) {
    const Record* need = needed(run, record, id);
    return need && (need->result != Result::passed || lacks_a_need(run, *need));
  });
}

}  // namespace

Turn turn_of(const Run& run, const Record& record) {
  for (const std::string& id : record.needs)
    if (const Record* need = needed(run, record, id); need && need->result == Result::not_run) return Turn::wait;
  if (!lacks_a_need(run, record)) return Turn::run;
  int burnt = 0;
  for (const Record& earlier : run.records) {
    if (earlier.lab != record.lab) continue;
    if (&earlier == &record) break;
    if (earlier.result == Result::not_run) return Turn::wait;
    burnt += earlier.ground == results::Ground::spent;
  }
  return burnt < burnt_enough ? Turn::run : Turn::skip;
}

void settle(const Run& run, Record& record) {
  if (record.result == Result::failed && lacks_a_need(run, record)) record.result = Result::follows;
}

}  // namespace grade
