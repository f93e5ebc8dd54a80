// An object that the kernel keeps under a name or key of the check's choosing, until somebody removes it: how much is in
// it, what its mode is, who sleeps on it. Whatever a check has handed out a name for goes with its room. Does not know
// what it holds: permits, messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "play/subject/observed.hpp"
#include "see/objects.hpp"

namespace play {

class KernelObject {
 public:
  virtual ~KernelObject() = default;
  /// As a command line gives it, and a name that nothing else has where it is looked for: "/permits", "0x126705c3".
  const std::string& name() const { return name_; }
  /// How many are in it now, free permits or messages; nothing where there is no such object.
  virtual std::optional<int> count() const = 0;
  /// The permission bits it was made with; nothing where there is none.
  virtual std::optional<mode_t> mode() const = 0;
  /// Whether a thread of this process sleeps on this very object at this moment.
  virtual bool has_waiter(pid_t pid) const = 0;
  /// The process itself, or one below it, that sleeps on it at this moment; 0 where none does.
  pid_t waiter_of(pid_t pid) const;

  /// Waits until exactly so many are in it.
  Verdict counts(int wanted) const;
  /// Waits until the process, or a child that waits in its place, sleeps in the kernel on this very object.
  Verdict is_waited_on_by(const Observed& who) const;
  Verdict has_mode(mode_t wanted) const;
  /// Waits until there is none of this name.
  Verdict is_gone() const;

  /// What programs have made of this kind under keys that no check has given them: "key 0x2a". Of System V objects alone, whose
  /// keys tell that.
  std::vector<std::string> made_beside() const;

  /// What it is called in sentences: "the semaphore /permits".
  virtual std::string what() const = 0;

 protected:
  KernelObject(Testbed& testbed, std::string name) : testbed_(&testbed), name_(std::move(name)) {}
  /// What is counted in it, one of them ("free permit"), and what it is: "there is no such semaphore".
  virtual const char* one_in_it() const = 0;
  virtual const char* kind() const = 0;
  virtual std::optional<see::IpcObject::Kind> sysv_kind() const { return std::nullopt; }
  /// Waits for `condition`. What came instead is told by `actual`, with the story of everyone.
  Verdict comes_true(const std::string& expected, const std::function<std::string()>& actual,
                     const std::function<bool()>& condition) const;
  std::string there_is_none() const;
  /// The process itself, or one below it, of which this is so; 0 where it is of none.
  static pid_t itself_or_below(pid_t pid, const std::function<bool(pid_t)>& is_so);

  Testbed* testbed_;
  std::string name_;
};

}  // namespace play
