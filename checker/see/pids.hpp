// The two numbers of one process. A pid_t is what this machine calls it: what the checker's own system calls take. An
// InnerPid is what the room calls it: what programs see, print and are told. They never turn into each other by
// themselves (pid_namespaces(7)).
#pragma once

#include <compare>
#include <fmt/format.h>
#include <string>
#include <sys/types.h>

namespace see {

struct InnerPid {
  pid_t number = 0;  ///< 0: not known
  auto operator<=>(const InnerPid&) const = default;
  explicit operator bool() const { return number > 0; }
  std::string text() const { return number > 0 ? std::to_string(number) : "?"; }
};

/// Nothing known (0) when the process has gone.
InnerPid inner_pid_of(pid_t pid);

}  // namespace see

template <>
struct fmt::formatter<see::InnerPid> : fmt::formatter<pid_t> {
  template <class Context>
  auto format(const see::InnerPid& pid, Context& context) const {
    return fmt::formatter<pid_t>::format(pid.number, context);
  }
};
