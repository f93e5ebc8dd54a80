// A POSIX shared memory object as the check sees it, beside the programs: its bytes, who has it mapped, who sleeps on a
// word of it (shm_overview(7), futex(2)). Known by device and inode, so it stays the same object when its name has gone.
// Knows nothing of what lies in it.
#pragma once

#include <optional>
#include <string>

#include "play/subject/observed.hpp"
#include "base/fd.hpp"
#include "see/mappings.hpp"

namespace play {

class SharedMemory {
 public:
  /// `name` with its leading slash, as for shm_open(3).
  SharedMemory(Testbed& testbed, std::string name);
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  const std::string& name() const { return name_; }

  /// The name is there, or not, now.
  Verdict exists() const;
  /// The same of one that this program has made: where it still has the object mapped and the name has gone, that is
  /// told, and draws memory/removed-too-early.
  Verdict exists_for(const Observed& maker) const;
  Verdict does_not_exist() const;
  /// The first byte of it that this program has not mapped, counted from its beginning: whole pages are. 0 where it has none.
  std::uint64_t mapped_up_to_by(const Observed& who) const;
  /// Waits until the name has gone.
  Verdict loses_its_name() const;

  /// Maps it, for what follows; it must be there. From now on the name may go, or stand for another object.
  void map();
  /// The rest needs `map()`.
  std::uint64_t size() const { return size_; }
  /// Throws Obstructed where a program has made it smaller.
  std::string bytes() const;
  void change(std::uint64_t offset, char byte) const;
  /// Wakes who sleeps on the word at this offset, for no reason at all: how many were woken. What it waits for has not
  /// happened.
  int wake_for_nothing(std::uint64_t offset) const;

  /// Waits until the program has it mapped, shared and writable. A private mapping draws memory/private-copy.
  Verdict is_mapped_by(const Observed& who) const;
  /// Both have its first page mapped, at two addresses. Start one with another stack limit, so that no luck is needed.
  Verdict is_one_page_of(const Observed& one, const Observed& other) const;
  /// Waits until a thread of the program sleeps in futex on a word of it, where others can wake it. A time-out is not
  /// asked about: futex_waits.hpp does.
  Verdict has_waiter(const Observed& who) const;
  /// Where in the object the word is that it sleeps on now, in bytes; nothing when it does not.
  std::optional<std::uint64_t> word_waited_on(const Observed& who) const;
  /// Whether it holds an address of this program's own: of the object as that has it mapped, or of its heap or stack.
  /// It means nothing to another.
  bool holds_an_address_of(const Observed& who) const;
  /// Both have 0, 1 and 2 open, and at most once the object: no pipe, file or socket beside it. Where both have the
  /// same one open, that is memory/another-way.
  Verdict is_the_only_way_of(const Observed& one, const Observed& other) const;

 private:
  std::vector<see::Mapping> mappings_in(const Observed& who) const;

  Testbed* testbed_;
  std::string name_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::uint64_t size_ = 0;
  base::Fd object_;        ///< its bytes are read here: a mapping ends the check where a program truncates it (SIGBUS)
  char* start_ = nullptr;  ///< for futex(2) alone
};

}  // namespace play
