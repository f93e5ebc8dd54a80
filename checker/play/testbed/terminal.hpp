// A pseudoterminal of the room's own (pty(7), devpts): the check holds the master, the program the other side.
#pragma once

#include "base/fd.hpp"
#include "room/room.hpp"

namespace play {

struct Terminal {
  base::Fd master;
  base::Fd slave;
};

/// 80 by 24, echoing, with the usual control keys (termios(3)).
Terminal open_terminal(const room::Room& room);

/// Returns when what was typed so far has come through to the other side: a kernel worker hands it over, and may be
/// late on a busy machine. Whoever reads there may still be asleep, but not for long.
void flush_keys(const base::Fd& master);

/// The bytes that keys send on such a terminal.
namespace key {
constexpr const char* ctrl_c = "\x03";
constexpr const char* ctrl_d = "\x04";
constexpr const char* ctrl_z = "\x1a";
constexpr const char* ctrl_backslash = "\x1c";
}  // namespace key

}  // namespace play
