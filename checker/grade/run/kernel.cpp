#include "grade/run/kernel.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/utsname.h>
#include <utility>

namespace grade {

std::string trouble_with_kernel(const std::string& release) {
  constexpr std::pair oldest{5, 14};  // limits by user namespace (user_namespaces(7), getrlimit(2))
  int major = 0, minor = 0;
  if (std::sscanf(release.c_str(), "%d.%d", &major, &minor) != 2 || std::pair(major, minor) >= oldest) return {};
  return fmt::format("this is Linux {}, and the course needs {}.{} or newer: before, the limits of one program were those of all",
                     release, oldest.first, oldest.second);
}

std::string kernel_release() {
  utsname system{};
  uname(&system);
  return system.release;
}

void refuse_an_old_kernel() {
  if (const std::string trouble = trouble_with_kernel(kernel_release()); !trouble.empty()) throw std::runtime_error(trouble);
}

}  // namespace grade
