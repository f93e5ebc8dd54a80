// What is said of a wait that came to nothing: the sentence, who waits where, and how the programs would be run by hand.
// The same words for every verdict, whatever it asked.
#pragma once

#include <functional>
#include <string>

#include "play/verdict.hpp"
#include "play/wait.hpp"

namespace play {

/// Waits until `condition` holds; where it does not come true, says what came instead, with the story of everyone.
Verdict comes_true(Stage& stage, const std::string& expected, const std::function<bool()>& condition);

/// The sentence and story for a wait that was not satisfied.
Evidence unmet(const Stage& stage, const std::string& expected, const Waited& waited);

/// The same where what came instead is a finding of its own, whatever everyone waits for: `actual`, with the story.
Evidence finding(const Stage& stage, const std::string& expected, const std::string& actual, const Waited& waited);

/// With what the programs have said on standard error, and the line that starts the last one by hand.
Evidence with_stage(const Stage& stage, Evidence evidence);

}  // namespace play
