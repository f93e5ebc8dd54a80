#include "play/terminal.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>

namespace play {

Terminal open_terminal(const room::Room& room) {
  Terminal t;
  t.master = base::open_file(room.outside("/dev/ptmx"), O_RDWR | O_NOCTTY);
  const int unlock = 0;
  base::must(ioctl(t.master.get(), TIOCSPTLCK, &unlock), "unlock the terminal");
  // By the master itself, not by a path: this works whatever is mounted where (ioctl_tty(2)).
  t.slave = base::Fd(base::must(ioctl(t.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), "open the terminal"));
  winsize size{};
  size.ws_col = 80;
  size.ws_row = 24;
  base::must(ioctl(t.master.get(), TIOCSWINSZ, &size), "size of the terminal");
  return t;
}

}  // namespace play
