#include "see/motion/timers.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <set>
#include <string>
#include <unistd.h>

#include "base/fd.hpp"
#include "see/tcp_rows.hpp"

namespace see {
namespace {

bool anyone_takes(const Process& p, std::uint64_t signals) {
  return std::any_of(p.threads.begin(), p.threads.end(), [&](const Thread& t) { return (signals & ~t.blocked) != 0; });
}

// A file, a pipe or a socket: nothing of which fdinfo would tell a timer.
bool has_no_clock(const std::string& target) {
  return target.starts_with('/') || target.starts_with("pipe:[") || is_socket(target);
}

void note_socket(const std::string& target, std::set<ino_t>& sockets) {
  if (is_socket(target)) sockets.insert(std::strtoull(target.c_str() + target.find('[') + 1, nullptr, 10));
}

Movement movement_of_descriptor(const Process& p, const Descriptor& d) {
  if (const size_t mask = d.details.find("sigmask:");
      mask != std::string::npos && (std::strtoull(d.details.c_str() + mask + 8, nullptr, 16) & timer_signals) != 0)
    return moves(Motion::unsure, p, fmt::format("reads signals that a timer may send from descriptor {}", d.fd));
  const size_t at = d.details.find("it_value: (");
  if (at != std::string::npos && !d.details.substr(at).starts_with("it_value: (0, 0)"))
    return moves(Motion::clock, p, fmt::format("has a timer running on descriptor {}", d.fd));
  return {};
}

// Timers that belong to the process: of POSIX (timer_create), as descriptors (timerfd), and by a signal it handles or
// dies of.
Movement movement_of_process(const Process& p, const IntervalTimers& set, std::set<ino_t>& sockets) {
  Movement strongest;
  std::uint64_t suspect = timer_signals;
  if (const auto strikes = set.strikes(p); strikes && anyone_takes(p, ~p.status.ignored & signal_bit(SIGALRM))) {
    strongest = moves(Motion::clock, p, "has set an interval timer (alarm(2), setitimer(2))");
    strongest.not_before = *strikes;
    suspect &= ~signal_bit(SIGALRM);  // it is known what sends it
  }
  if (anyone_takes(p, p.status.caught & suspect))
    return moves(Motion::unsure, p, "handles a signal that a timer may send");
  try {
    if (!base::read_file(fmt::format("/proc/{}/timers", p.pid())).empty())
      return moves(Motion::clock, p, "has a timer");
  } catch (const std::system_error&) {
    // A kernel without this file has no way to tell; the calls decide.
  }
  for (const pid_t table : p.tables())
    for (const auto& [fd, target] : targets_of(table)) {
      note_socket(target, sockets);
      if (has_no_clock(target)) continue;
      if (const auto d = descriptor_of(table, fd)) strongest = std::max(strongest, movement_of_descriptor(p, *d));
    }
  return strongest;
}

// Rows whose timer will send something: 1 retransmission or Nagle, 4 zero window probe. And a connection that is not
// whole yet, which belongs to nobody but the port: its repetitions end by the clock (tcp(7), TCP_DEFER_ACCEPT).
Movement movement_of_tcp(const std::set<ino_t>& sockets) {
  constexpr unsigned half_open = 3, listens = 10;
  const std::vector<TcpRow> rows = tcp_rows();
  std::set<unsigned> ports;
  for (const TcpRow& row : rows)
    if (row.state == listens && sockets.count(row.inode) > 0) ports.insert(row.port);
  for (const TcpRow& row : rows) {
    if ((row.timer == 1 || row.timer == 4) && sockets.count(row.inode) > 0)
      return {.kind = Motion::clock, .why = "a TCP connection has something to send later"};
    if (row.state == half_open && ports.count(row.port) > 0)
      return {.kind = Motion::clock, .why = "a TCP connection is not whole yet"};
  }
  return {};
}

}  // namespace

Movement movement_of_timers(const Family& family, const IntervalTimers& set) {
  Movement all;
  std::set<ino_t> sockets;
  for (const Process& p : family)
    if (!p.ended()) all = std::max(all, movement_of_process(p, set, sockets));
  if (sockets.empty()) return all;
  for (const auto& [fd, target] : targets_of(getpid())) note_socket(target, sockets);
  return std::max(all, movement_of_tcp(sockets));
}

}  // namespace see
