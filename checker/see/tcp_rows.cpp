#include "see/tcp_rows.hpp"

#include <cstdio>
#include <string>

#include "base/fd.hpp"

namespace see {

std::vector<TcpRow> tcp_rows() {
  std::vector<TcpRow> found;
  for (const char* file : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    std::string rows;
    try {
      rows = base::read_file(file);
    } catch (const std::system_error&) {
      continue;
    }
    for (size_t at = rows.find('\n'); at != std::string::npos && at + 1 < rows.size(); at = rows.find('\n', at + 1)) {
      TcpRow row;
      unsigned long inode = 0;
      if (std::sscanf(rows.c_str() + at + 1, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%x %x %*x:%x %x:%*s %*s %*d %*d %lu", &row.port,
                      &row.peer_port, &row.state, &row.unread, &row.timer, &inode) != 6)
        continue;
      row.inode = inode;
      found.push_back(row);
    }
  }
  return found;
}

}  // namespace see
