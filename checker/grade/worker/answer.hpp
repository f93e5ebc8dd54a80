// One answer from one worker that is waited for, where nothing else is to be done meanwhile.
#pragma once

#include <functional>
#include <string>

#include "room/rung.hpp"

namespace grade {

/// Runs `work` in a worker of this rung, for so many seconds at most; `work` gets the folder that a weak room needs, or "".
/// Throws std::runtime_error with the worker's trouble.
std::string answer_of_a_worker(room::Rung rung, double seconds, const std::function<std::string(const std::string& scratch)>& work);

}  // namespace grade
