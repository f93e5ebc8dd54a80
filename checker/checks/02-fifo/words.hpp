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
  /// What it is, which file it is, how large and when changed: the same text as long as nobody has touched it.
  std::string state() const;
  Verdict is_untouched_since(const std::string& state) const;

 private:
  std::optional<struct stat> look() const;

  std::string name_;
};

Program serve(const Path& path);
Program say(const Path& path, const std::string& name);
/// Waits until PATH is a FIFO and `serve` sleeps, or has used CPU without sleeping. Whoever must know that it sleeps where it waits
/// for writers waits for that too: it may be on its way there.
Verdict is_ready(Program& serve, const Path& path);
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
Verdict goes_on_asleep(Program& serve);
/// It ends by itself with 0: every line is in the FIFO.
Verdict ends_well(Program& say);
/// The next line is sent to nobody: it ends with 1, or by SIGPIPE.
Verdict notices_that_nobody_reads(Program& say);

/// Of what `serve` has printed: each line is `N NAME: TEXT`, N counts from 1, and the texts of each NAME are those of `sent`, whole and
/// in their order.
struct Sender {
  std::string name;
  std::vector<std::string> texts;
};
Verdict all_are_there(Program& serve, const std::vector<Sender>& sent);

}  // namespace fifo
