// A kernel that behaves otherwise, for one program: filters of its system calls (seccomp(2), by libseccomp). Each is
// installed in the program's process before exec (play::inheriting), binds it and all that it starts, for good, and lets
// every other call pass.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

namespace play::seccomp {

/// One filter, while it is put together.
class Filter {
 public:
  Filter();

  /// An argument of a call, from 0, of which the lower 32 bits must be this: all of an int.
  struct Argument {
    unsigned index;
    std::uint32_t is;
  };
  /// What becomes of a call, where the argument is so: SCMP_ACT_... of seccomp_rule_add(3).
  void on(long call, std::uint32_t action, std::optional<Argument> argument = std::nullopt);
  /// The call is not made, and fails with this error; with 0 it claims to have been made.
  void refuse(long call, int error, std::optional<Argument> argument = std::nullopt);
  /// From now on it holds for the calling process.
  void install();

 private:
  std::unique_ptr<void, void (*)(void*)> context_;
};

/// Every call that would send this signal says that it has been sent, and does nothing.
void swallow(int signal);

/// The disposition of this signal can be neither set nor asked for: EINVAL, as for SIGKILL.
void refuse_disposition(int signal);

/// Every call that would send a signal fails with this error; or only those that would send this one.
void refuse_sending(int error);
void refuse_sending_of(int signal, int error);

/// Every call that would make a process or a thread fails with this error.
void refuse_children(int error);

}  // namespace play::seccomp
