// Whether somebody waits for a child that has stopped, without having asked to be told of stops (waitpid(2), WUNTRACED;
// waitid(2), WSTOPPED). Looks only. Does not know who stopped the child: a check that did so itself must not ask.
#pragma once

#include "see/family.hpp"

namespace see {

bool waits_for_a_stopped_child(const Family& family);

}  // namespace see
