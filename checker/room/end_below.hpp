// The end of every process below the calling one, where no pid namespace sees to it (rung 4).
#pragma once

namespace room {

/// Kills each that is found, and collects it, until none is left: whoever is killed makes no new ones. The caller is a
/// subreaper (prctl(2)), so that those without a parent come to it.
void end_all_below();

}  // namespace room
