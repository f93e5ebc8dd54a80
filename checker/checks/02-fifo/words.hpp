// Lab 02: the FIFO between `serve` and `say`, and what a failure of theirs shows. Knows no story.
#pragma once

#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "check.hpp"

namespace fifo {

using play::Evidence;
using play::Program;
using play::Verdict;

/// From now on each wait has a tenth of its time, for a program that spins or naps. Returns what it was.
play::Budget have_less_time();

/// A name that no program can know before it is started.
std::string some_name(const std::string& begins);

/// PATH, as a check looks at it: by lstat(2), which opens nothing.
class Path {
 public:
  explicit Path(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  /// Makes it, as mkfifo(1) does. Throws Obstructed where a program has made something of that name.
  void make() const;
  bool is_fifo() const;
  /// Its permission bits are these.
  Verdict has_mode(unsigned mode) const;
  /// It can be opened by its owner.
  bool is_open_to_its_owner() const;
  /// What it is, which file it is, how large and when changed: the same as long as nobody has touched it.
  struct State {
    std::string text;
    std::optional<struct stat> info;
    bool operator==(const State& other) const { return text == other.text; }
  };
  State state() const;
  /// Where it was touched, what has become of it is said, and what to do about that.
  Verdict is_untouched_since(const State& before) const;

 private:
  std::optional<struct stat> look() const;

  std::string name_;
};

Program serve(const Path& path);
Program say(const Path& path, const std::string& name);
/// Waits until PATH is a FIFO and `serve` sleeps, or has used CPU without sleeping. Whoever must know that it sleeps where it waits
/// for writers waits for that too: it may be on its way there. `was_there`: PATH was a FIFO before. What it has printed by then is
/// nobody's record, and is skipped. Who does not sleep has less time for all that follows: only two checks ask for the sleep.
Verdict is_ready(Program& serve, const Path& path, bool was_there = false);
/// A writer that is not ours: a shell that opens PATH and writes these bytes, or what is typed to it. It has ended, or waits for
/// what is typed.
void written_by_a_shell(const Path& path, const std::string& bytes);
Program shell_that_writes(const Path& path);

/// A file and a folder of the check's making, which are none.
std::vector<Path> no_fifos();
/// Stops `serve` where it reads, with `zoe` as its writer, whose first record it has printed: an open() that sleeps would be
/// taken back when it is stopped.
Verdict stops_in_read(Program& serve, Program& zoe);
/// It goes on, asleep, with nobody who could write: before the first writer, after the last.
enum class Left { nobody, a_writer };
Verdict goes_on_asleep(Program& serve, Left left);
/// It ends with 1 and a message, and leaves PATH, which is no FIFO, as it was.
Verdict refuses_no_fifo(Program& program, const Path& path, const Path::State& before);
/// The same where PATH is a FIFO until the program stands before the first open() of its own, and a file from then on: "serve ",
/// "say ". Who asks PATH first and opens it then has asked about another one.
Verdict refuses_what_it_has_opened(const std::string& verb, const std::string& words_after = "");
/// Told to stop by `signal`, it ends with 0.
Verdict ends_as_told(Program& serve, int signal);
/// It ends with 2 and a usage line on standard error, prints nothing, and makes nothing at PATH.
Verdict is_a_wrong_command_line(Program& program, const Path& path);
/// It ends by itself with 0: every line is in the FIFO.
Verdict ends_well(Program& say);
/// The next line is sent to nobody: it ends with 1, or by SIGPIPE, and does not wait for its input to end.
Verdict notices_that_nobody_reads(Program& say);

}  // namespace fifo
