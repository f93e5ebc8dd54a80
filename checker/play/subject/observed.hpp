// A process of the room as the kernel shows it: verdicts on what it is blocked in, has open, catches, blocks, ignores.
// Works for programs the check started and for any process below them.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "play/verdict/verdict.hpp"
#include "play/testbed/wait.hpp"
#include "see/open_ends.hpp"

namespace play {

class Observed {
 public:
  virtual ~Observed() = default;
  /// As this machine numbers it. Throws std::logic_error when it has not been met: nobody is no number, for to kill(2)
  /// 0 is a whole group.
  pid_t pid() const;
  /// "pipeline", "the gate a".
  virtual std::string name() const = 0;
  /// What the room calls it; 0 when it has gone.
  see::InnerPid inside() const { return see::inner_pid_of(pid()); }
  /// Looks at this moment, for a check that decides what to do next: it has ended; its main thread sleeps, or does so
  /// until a signal comes; a signal is pending for it; handlers of its run for all of these.
  bool has_ended() const;
  bool is_stopped_now() const { return state_is('T'); }
  bool is_asleep() const { return state_is('S'); }
  bool waits_for_a_signal() const;
  bool has_any_pending() const;
  bool has_handlers_for(const std::vector<int>& signals) const;

  /// Sends a signal to it alone (kill(2)), to its whole process group, or with a value (sigqueue(3)).
  void send(int signal) const;
  void send_to_group(int signal) const;
  void queue(int signal, int value) const;
  /// Stops it in its tracks (SIGSTOP) and waits until it stands; lets it go on (SIGCONT). What is sent in between
  /// is pending all at once.
  void freeze() const;
  void thaw() const;

  /// Waits until it sleeps in this call ("read", "mq_send"), on this descriptor when one is given.
  Verdict blocks_in(const std::string& call, int fd = -1) const;
  /// Waits until it sleeps until this descriptor is ready: in a read or write of any kind, or in a poll that names it.
  Verdict waits_at(int fd) const;
  /// Exactly these descriptors are open, no more and no fewer. One too many is a leak: `leak` is what to call it, where
  /// the usual name for a pipe's end does not fit.
  Verdict keeps_open(const std::vector<int>& fds, const std::string& leak = {}) const;
  /// How many it has open now; 0 when it has ended.
  size_t descriptors() const { return see::targets_of(pid()).size(); }
  /// Those of everybody below it counted too (observed_open_files.cpp).
  size_t descriptors_of_all() const;
  /// `own`, a descriptor of the check's that can seek, is one open file (open(2)) with a descriptor of it or of anybody below it;
  /// with this one. Not merely the same file: one position. For when nobody reads. `what` is how verdicts call it.
  Verdict has_open_file_of(int own, const std::string& what) const;
  Verdict has_open_file_at(int fd, int own, const std::string& what) const;
  /// Its descriptor refers to the very file of this name in the working folder, or at this path as programs see it; it
  /// refers to none of that name.
  Verdict has_file(int fd, const std::string& name) const;
  Verdict has_no_file(int fd, const std::string& name) const;
  /// Its descriptor is open for reading (fdinfo, flags).
  Verdict can_read(int fd) const;
  /// Its descriptor and another's refer to the same pipe, file or terminal.
  Verdict shares(int fd, const Observed& other, int other_fd) const;
  /// Its descriptor is an end of a pipe without a name: no file, no FIFO, no socket.
  Verdict has_pipe_at(int fd) const;
  /// Its descriptor is an end of a FIFO, a pipe that has a name (fifo(7)).
  Verdict has_fifo_at(int fd) const;
  /// Waits until its SigCgt, SigBlk or SigIgn holds the signal.
  Verdict catches(int signal) const;
  Verdict blocks(int signal) const;
  Verdict ignores(int signal) const;
  /// Nothing is blocked, and none of these signals ignored, now; without a list: none at all (the C library's own two
  /// aside). For a command at a gate: exec has set everything else to its default.
  Verdict starts_clean(const std::vector<int>& at_their_default = {}) const;
  /// The signal is neither ignored nor blocked nor caught: it does what it does by default.
  Verdict takes_by_default(int signal) const;
  /// Waits until the signal is pending, for the process or its main thread (SigPnd, ShdPnd).
  Verdict has_pending(int signal) const;
  /// Waits until SigBlk, the pending ones, or none of these in SigCgt, are exactly so (observed_signals.cpp).
  Verdict blocks_only(const std::vector<int>& signals) const;
  Verdict has_pending_only(const std::vector<int>& signals) const;
  Verdict catches_none_of(const std::vector<int>& signals) const;
  /// Waits until it ignores none of these (SigIgn), whatever it blocks.
  Verdict ignores_none_of(const std::vector<int>& signals) const;
  /// One of its descriptors is a signalfd for exactly these (signalfd(2)). Does not wait.
  Verdict has_signalfd_for(const std::vector<int>& signals) const;
  /// Waits until it is stopped (state T).
  Verdict is_stopped() const;
  /// Waits until its process group is the terminal's foreground group.
  Verdict is_in_foreground() const;
  Verdict leads_its_session() const;
  /// Its process group is another one than that of `other`. Does not wait.
  Verdict has_another_group_than(const Observed& other) const;
  Verdict is_child_of(const Observed& other) const;
  /// Nothing moves any more, and it sleeps in calls that no clock ends: it looks at nothing meanwhile. A busy loop is
  /// called so; what a clock means is the check's to say. Throws where the kernel refuses the look.
  Verdict sleeps() const;
  /// Waits until it sleeps in a call again, so that what is sent next does not meet it on its way there by chance. A
  /// program that never sleeps is not waited for: it has used CPU time instead.
  void settle() const;
  /// Waits until the signal is not pending any more: a handler has run, or the program has read it.
  Verdict has_taken(int signal) const;
  /// No child of it stays that has ended and was not waited for.
  Verdict has_no_zombies() const;
  /// Waits until it has ended, whether or not its parent has waited for it.
  Verdict is_gone() const;

 protected:
  explicit Observed(Testbed& testbed) : testbed_(&testbed) {}
  /// 0 when it has not been met yet.
  virtual pid_t known_pid() const = 0;
  /// Waits for `condition`; where it does not come true, says what came instead, with the story of everyone.
  Verdict comes_true(const std::string& expected, const std::function<bool()>& condition) const;
  /// The sentence and story for a wait that was not satisfied.
  Evidence failed_wait(const std::string& expected, const Waited& waited) const;
  /// With what the programs have said on standard error, and the line that starts the last one by hand.
  Evidence with_context(Evidence evidence) const;
  /// The object behind one of its descriptors; nothing when it is closed. A program's 0, 1 and 2 are what the check
  /// gave it, whatever it has done with them since.
  virtual std::optional<see::ObjectKey> object_at(int fd) const;
  bool state_is(char state) const;
  void sent(int result, const std::string& what) const;
  Verdict in_set(const char* verb, int signal, std::uint64_t see::Status::*set) const;
  Verdict set_is(const std::string& expected, std::uint64_t wanted, std::uint64_t looked_at,
                 std::uint64_t (*set)(const see::Status&)) const;

  Testbed* testbed_;
};

}  // namespace play
