// How strong a room this machine allows: the whole set-up is tried once, and the answer says why.
// Rungs 2 (bubblewrap) and 3 (one uid per run) have their numbers kept and are not built.
#pragma once

#include <string>

namespace room {

enum class Rung {
  namespaces = 1,  ///< own user, pid, mount, network, IPC and host names
  subreaper = 4,   ///< ordinary processes, collected at the end; practice only
};

struct Choice {
  Rung rung;
  std::string why;  ///< empty for the strongest; otherwise what was refused
};

/// Tries the strongest room in a child process. The environment variable IPCLAB_RUNG overrides it (1 or 4).
Choice choose_rung();

/// "namespaces", "subreaper".
std::string name_of(Rung rung);

/// What is weaker on this rung, one sentence; empty for the strongest.
std::string weakness_of(Rung rung);

}  // namespace room
