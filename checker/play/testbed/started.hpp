// One started program as the check holds it: the other ends of its descriptors, what it has printed, how it ended.
// Moves bytes without ever blocking. Knows nothing of waiting, verdicts or other programs.
#pragma once

#include <csignal>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/fd.hpp"
#include "room/walls/questions.hpp"

namespace play {

/// Output beyond this is read and counted, not kept.
constexpr size_t most_kept = size_t{16} << 20;

/// One output stream: all of it so far, and how much the check has looked at.
struct Output {
  base::Fd fd;
  std::string text;
  size_t looked_at = 0;
  size_t bytes = 0;  ///< printed in all
  bool terminal = false;

  std::string_view unread() const { return std::string_view(text).substr(looked_at); }
  bool at_end() const { return !fd; }
};

/// How a process ended (waitpid(2)).
struct Ending {
  int status = 0;  ///< exit status, or the signal's number
  bool by_signal = false;
  bool of_tracer = false;  ///< not it has ended so, but strace, which the check had set above it
};

/// "ended with exit status 3", "was ended by SIGSEGV".
std::string describe(const Ending& ending);

class Started {
 public:
  std::string name;
  std::vector<std::string> argv;
  pid_t pid = 0;
  pid_t subject = 0;  ///< the student's own process, where a tracer of ours is its parent
  base::Fd pidfd;
  base::Fd report;  ///< what strace, where it is that, tells the check
  base::Fd input;  ///< write end of its standard input, or the terminal's master
  Output out, err;
  bool pumps_output = true;  ///< false: the check lets its output pile up, to fill the pipe
  std::optional<Ending> ending;
  std::shared_ptr<room::Questions> questions;  ///< calls that it is about to make (room/walls/questions.hpp)
  room::Holds holds;                           ///< who of them is held for longer than it takes to note the call

  /// Queues bytes for its input; pump() writes them as the program takes them.
  void type(std::string_view text) { pending_ += text; }
  /// Closes the input once everything typed has been taken.
  void close_input() { close_when_typed_ = true; }
  bool all_typed() const { return pending_.empty() || !input; }

  /// Writes what can be written, reads what can be read, sees whether it has ended. True when anything moved.
  bool pump();
  /// What poll(2) should wait for.
  void add_polls(std::vector<pollfd>& polls) const;

 private:
  bool pump_input();
  bool pump_output(Output& output);
  bool pump_ending();

  std::string pending_;
  bool close_when_typed_ = false;
};

}  // namespace play
