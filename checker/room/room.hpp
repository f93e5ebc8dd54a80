// The room: a place where a stranger's program runs, from which nothing leaves, and in which nothing survives.
// The check process moves into the room itself, so that it is the programs' peer: it opens their queues, connects to
// their ports and reads their /proc with ordinary calls, while they can neither see nor reach it. It sees no more of the
// machine's files than they do: what it needs from there it has opened before.
// Programs are the check's own children; what they leave behind is adopted by pid 1 of the room (the keeper), or by
// the check (rung 4). Nothing is collected before the end, so that the aftermath sees all of it.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

#include "base/fd.hpp"
#include "room/furnish.hpp"
#include "room/rung.hpp"

namespace room {

class Room {
 public:
  /// Moves the calling process in, for good. Its working folder becomes the room's /work, so that a relative name
  /// means the same file to check and program. As root it first becomes an unprivileged user. `scratch` is an
  /// existing empty folder, used on rung 4 only. Throws std::system_error naming the step that was refused.
  Room(Rung rung, const std::string& scratch, const std::vector<Installed>& programs);
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  /// Ends and collects every process of the room. The caller stays inside.
  ~Room();

  Rung rung() const { return rung_; }
  /// pid 1 of the room; 0 where it has none.
  pid_t keeper() const { return keeper_; }
  /// Where programs see `path`, as the caller must name it.
  std::string outside(const std::string& path) const { return root_ + path; }
  /// Where the room's root begins; empty when it is the machine's own.
  const std::string& root() const { return root_; }
  /// A folder of the check's own, as it names it, in which programs can open what is there, and change nothing: beside
  /// that of their copies. On rung 4 nothing hinders them.
  const std::string& gates() const { return gates_; }
  /// The folder of copied programs, as programs see it.
  const std::string& programs() const { return programs_; }
  /// How many processes of this user were there before the room; a limit must leave them out.
  std::uint64_t others() const { return others_; }

  std::string shm_folder() const { return root_ + "/dev/shm"; }
  std::string mqueue_folder() const { return root_ + "/dev/mqueue"; }

 private:
  void enter_namespaces(const std::vector<Installed>& programs);
  void leave_the_machine(const std::string& at, const std::vector<Installed>& programs);
  void enter_scratch(const std::string& scratch, const std::vector<Installed>& programs);
  void start_keeper();

  Rung rung_;
  std::string root_;
  std::string programs_, gates_;
  std::uint64_t others_ = 0;
  pid_t keeper_ = 0;
  base::Fd lifeline_;  ///< the keeper ends when this end closes, however the check dies
};

/// Whom programs run as where the grader is root.
constexpr uid_t nobody = 65534;

/// A user of the calling grader's own, for rooms that root enters on rung 4: limits on processes and signals count by user, and
/// another grader beside this one has its own. No account has such a number, and a process's is below 2^22.
inline uid_t user_of_grader() { return 1'900'000'000U + static_cast<uid_t>(getpid()); }

/// Gives up root for an unprivileged user, `who`; does nothing for anyone else, nor for root of a user namespace. A process
/// limit counts for nothing under outer uid 0 (setrlimit(2)).
void become_unprivileged(uid_t who = nobody);

}  // namespace room
