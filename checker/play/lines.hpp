// All that a program has printed, taken as lines: those that matter in order, the others only whole.
#pragma once

#include "play/program.hpp"

namespace play {

/// Of the lines it has printed until now, those that begin with one of `these` are `expected`; and each other line
/// begins with one of `others`, which a line that was torn or mixed with another does not.
Verdict printed_lines(const Program& program, const std::vector<std::string>& these, const std::string& expected,
                      const std::vector<std::string>& others);

}  // namespace play
