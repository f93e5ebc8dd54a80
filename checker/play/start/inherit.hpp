// What a program is made to inherit from whoever starts it: run in its process just before it is executed.
#pragma once

#include <csignal>
#include <functional>
#include <vector>

#include "room/spawn.hpp"

namespace play {

/// The order with one more thing to do before exec, after those it has already. May throw: then the program is not
/// started, which is the grader's trouble.
room::Order inheriting(std::function<void()> prepare, room::Order order = {});

/// For `inheriting`: SIG_IGN for these (refused for KILL and STOP, as it should), or blocked, beside what is already.
void ignore_signals(const std::vector<int>& signals);
void block_signals(const std::vector<int>& signals);

}  // namespace play
