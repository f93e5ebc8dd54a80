#include "room/end_below.hpp"

#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "see/family.hpp"

namespace room {

void end_all_below() {
  do {
    for (const see::Process& p : see::family_of(getpid())) kill(p.pid(), SIGKILL);
  } while (waitpid(-1, nullptr, __WALL) >= 0 || errno == EINTR);
}

}  // namespace room
