// The student's program as a check handles it. The imperative is what the check does and returns nothing; the third
// person is what the program does, and returns a Verdict.
#pragma once

#include <string>
#include <vector>

#include "play/subject/observed.hpp"

namespace play {

class Program : public Observed {
 public:
  Program(Testbed& testbed, Started& started) : Observed(testbed), started_(&started) {}

  pid_t known_pid() const override { return started_->subject ? started_->subject : started_->pid; }
  std::string name() const override { return started_->name; }

  /// Gives it input, as fast as it takes it. On a terminal: types the keys.
  void type(const std::string& text);
  /// Its input ends when everything typed has been read (on a terminal: hangs up the keyboard, not the screen).
  void close_input();
  /// Takes its terminal away: the other side has gone, as when a window is closed.
  void hang_up();
  /// Leaves what it prints in the pipe, behind what fills it (full_output.hpp); drops the filling and reads again.
  void leave_output();
  void take_output();

  /// Waits until it has printed `text`, anywhere in what was not looked at yet.
  Verdict prints(const std::string& text);
  /// The next it prints is `text`: not one byte comes before it, whatever follows. Where something else comes, all of
  /// that is told.
  Verdict prints_next(const std::string& text);
  /// All it prints, up to its end or until it waits, is `text`.
  Verdict prints_only(const std::string& text);
  /// The next lines it prints are these, in any order. "a|b": either of them.
  Verdict prints_in_any_order(const std::vector<std::string>& lines);
  /// It ends or waits, and has printed nothing that was not looked at.
  Verdict prints_nothing_more();
  /// Waits until its standard error holds `text`.
  Verdict complains(const std::string& text);
  /// When it has ended, exactly `times` lines of its standard error hold `text`.
  Verdict complains_times(const std::string& text, int times);
  Verdict complains_of_nothing();
  /// It ends with 1, says why on standard error, and prints nothing more.
  Verdict refuses();
  /// When it has ended, or waits: its standard error has each of these numbers, with no digit beside it; `why` these lines were
  /// told, "was left out".
  Verdict names_lines(const std::vector<int>& numbers, const std::string& why) const;

  /// Waits until nothing is left in the pipe that is its input.
  Verdict has_read_its_input() const;
  /// Of the lines it has printed until now, those that begin with one of `these` are `expected`; and each other line
  /// begins with one of `others`, which a line that was torn or mixed with another does not.
  Verdict printed_lines(const std::vector<std::string>& these, const std::string& expected,
                        const std::vector<std::string>& others) const;

  /// It ends by itself, whatever its exit status.
  Verdict exits();
  /// Where it is another one, and it has not waited for what it started, that is said.
  Verdict exits_with(int status);
  /// The same where somebody may be left who is not its own to wait for.
  Verdict exits_leaving_others(int status);
  /// It has ended, and nobody whom it started lives any more: who still sleeps is explained as any hang is.
  Verdict ends_last();
  Verdict dies_of(int signal);
  /// It waits for something and goes on waiting: it has not ended.
  Verdict stays_alive();
  /// It has ended; no process, zombie or IPC object is left.
  Verdict leaves_nothing_behind();

  /// That process executes another file than the one that was started here (/proc/PID/exe). False where that cannot be
  /// seen. Does not wait.
  bool is_not_executed_by(pid_t pid) const;

  /// Below it run only processes with these names.
  Verdict runs_only(const std::vector<std::string>& names) const;

  /// What was printed since the last verdict about its output.
  std::string unread() const { return std::string(started_->out.unread()); }
  std::string printed() const { return started_->out.text; }
  /// By now: what lies in its pipe is taken first. Does not wait.
  bool has_printed(const std::string& text) const {
    testbed_->pump();
    return started_->out.text.find(text) != std::string::npos;
  }
  /// What it has written on standard error by now: of one that has ended, all of it.
  std::string complained() const {
    testbed_->pump();
    return started_->err.text;
  }
  /// By now its standard error has the system's words for this errno (strerror(3)).
  bool has_complained_of(int error) const;

 protected:
  std::optional<see::ObjectKey> object_at(int fd) const override;

 private:
  Evidence with_context(Evidence e) const;
  Verdict refuse(std::string expected, std::string actual, std::vector<std::string> lines = {}) const;
  Verdict ends(const std::string& expected, const Ending& wanted, bool waits_for_all);
  see::Family orphans() const;
  bool any_orphan_lives() const;
  void tell_who_is_left(Evidence& e) const;
  Verdict only_here(Evidence e) const;
  Verdict failed_output(const std::string& expected, const Waited& waited, const Output& output) const;

  Started* started_;
  int filling_ = 0;
};

}  // namespace play
