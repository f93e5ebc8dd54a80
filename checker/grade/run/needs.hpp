// What it means for a case that another one, which it needs, has not passed: it is run all the same, and its failure says
// nothing new. Decides from records alone, in their order, so that the same program always comes out the same.
#pragma once

#include "results/record.hpp"

namespace grade {

enum class Turn { wait, run, skip };

/// Whether the case of this record, not run yet, can be run now. It waits for those that it needs. Where one of them has not
/// passed it waits for all earlier cases of its lab: three of them that have burnt their whole budget are enough, and it is
/// skipped. A need that was not selected is not asked for.
Turn turn_of(const results::Run& run, const results::Record& record);

/// A failure that has come becomes one that follows, where a case that it needs, or one that this needs, has not passed.
void settle(const results::Run& run, results::Record& record);

}  // namespace grade
