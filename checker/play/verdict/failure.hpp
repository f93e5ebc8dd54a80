// What is said of a wait that came to nothing: the sentence, who waits where, and how the programs would be run by hand.
// The same words for every verdict, whatever it asked.
#pragma once

#include <functional>
#include <string>

#include "play/verdict/verdict.hpp"
#include "play/testbed/wait.hpp"

namespace play {

/// Waits until `condition` holds; where it does not come true, says what came instead, with the story of everyone.
Verdict comes_true(Testbed& testbed, const std::string& expected, const std::function<bool()>& condition);

/// The sentence and story for a wait that was not satisfied.
Evidence failed_wait(const Testbed& testbed, const std::string& expected, const Waited& waited);

/// The same where what came instead is a finding of its own, whatever everyone waits for: `actual`, with the story.
Evidence finding(const Testbed& testbed, const std::string& expected, const std::string& actual, const Waited& waited);

/// With what the programs have said on standard error, and the line that starts the last one by hand.
Evidence with_context(const Testbed& testbed, Evidence evidence);

}  // namespace play
