#include "play/testbed/started.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "see/calls.hpp"
#include "see/proc.hpp"

namespace play {
std::string describe(const Ending& ending) {
  if (ending.of_tracer) return fmt::format("has outlived strace, which this check had set above it, and which was ended by {}", see::signal_name(ending.status));
  if (ending.by_signal) return fmt::format("was ended by {}", see::signal_name(ending.status));
  return fmt::format("ended with exit status {}", ending.status);
}

bool Started::pump() {
  bool moved = pump_input();
  if (pumps_output) {
    moved |= pump_output(out);
    moved |= pump_output(err);
  }
  return pump_ending() || moved;
}

bool Started::pump_input() {
  if (!input) return false;
  bool moved = false;
  while (!pending_.empty()) {
    const ssize_t put = write(input.get(), pending_.data(), pending_.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put < 0) {  // EPIPE, or EIO of a terminal: nobody will read what is left
      pending_.clear();
      break;
    }
    pending_.erase(0, static_cast<size_t>(put));
    moved = true;
  }
  if (pending_.empty() && close_when_typed_) {
    input.reset();
    moved = true;
  }
  return moved;
}

bool Started::pump_output(Output& output) {
  if (!output.fd) return false;
  bool moved = false;
  // Bounded, so that a program that prints without end cannot keep the check here.
  for (int rounds = 0; rounds < 64; ++rounds) {
    char piece[1 << 16];
    const ssize_t got = read(output.fd.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return moved;
    if (got <= 0) {  // end-of-file, or EIO of a terminal that nobody has open any more
      output.fd.reset();
      return true;
    }
    moved = true;
    output.bytes += static_cast<size_t>(got);
    std::string text(piece, static_cast<size_t>(got));
    // A terminal turns "\n" into "\r\n" on its way out; the check wants what the program wrote.
    if (output.terminal) text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    output.text.append(text, 0, most_kept - std::min(most_kept, output.text.size()));
  }
  return moved;
}

bool Started::pump_ending() {
  if (ending) return false;
  siginfo_t info{};
  // Not collected (WNOWAIT): it stays to be seen until the room dies.
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0) return false;
  // A child that is traced shows its stops here whether they are asked for or not (waitid(2), CLD_TRAPPED).
  if (info.si_code != CLD_EXITED && info.si_code != CLD_KILLED && info.si_code != CLD_DUMPED) return false;
  ending = Ending{info.si_status, info.si_code != CLD_EXITED};
  // strace passes on how its child has ended when it has collected it. One that is still there was none of its business.
  ending->of_tracer = ending->by_signal && report && subject != 0 && see::stat_of(subject).has_value();
  return true;
}

void Started::add_polls(std::vector<pollfd>& polls) const {
  if (!ending) polls.push_back({pidfd.get(), POLLIN, 0});
  if (input && !pending_.empty()) polls.push_back({input.get(), POLLOUT, 0});
  if (questions && questions->fd() >= 0) polls.push_back({questions->fd(), POLLIN, 0});
  if (!pumps_output) return;
  if (out.fd) polls.push_back({out.fd.get(), POLLIN, 0});
  if (err.fd) polls.push_back({err.fd.get(), POLLIN, 0});
}

}  // namespace play
