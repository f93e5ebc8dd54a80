#include "play/testbed/terminal.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace play {

Terminal open_terminal(const room::Room& room) {
  Terminal t;
  // Not pts/ptmx: on a machine of its own that one may be closed to all (mode 0000).
  t.master = base::open_file(room.outside("/dev/ptmx"), O_RDWR | O_NOCTTY);
  const int unlock = 0;
  base::must(ioctl(t.master.get(), TIOCSPTLCK, &unlock), "unlock the terminal");
  // By the master itself, not by a path: this works whatever is mounted where (ioctl_tty(2)).
  t.slave =
      base::Fd(base::must(ioctl(t.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), "open the terminal"));
  winsize size{};
  size.ws_col = 80;
  size.ws_row = 24;
  base::must(ioctl(t.master.get(), TIOCSWINSZ, &size), "size of the terminal");
  return t;
}

void flush_keys(const base::Fd& master) {
  // A poll of the other side waits for the worker (n_tty); it is opened only for that moment, as an open side would
  // hide that the program has closed its own.
  const base::Fd slave(ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  pollfd other{slave.get(), POLLIN, 0};
  if (slave) poll(&other, 1, 0);
}

}  // namespace play
