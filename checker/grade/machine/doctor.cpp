#include "grade/machine/doctor.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/tool.hpp"
#include "course/lab.hpp"
#include "grade/run/kernel.hpp"
#include "play/start/strace.hpp"
#include "room/rung.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

// A number in /proc/sys; `otherwise` where this kernel does not have it.
long setting(const std::string& name, long otherwise) {
  try {
    return std::stol(base::read_file("/proc/sys/" + name));
  } catch (const std::exception&) {
    return otherwise;
  }
}

std::string how_to_allow_rooms() {
  if (setting("user/max_user_namespaces", 1) == 0) return "sudo sysctl -w user.max_user_namespaces=15000";
  if (setting("kernel/unprivileged_userns_clone", 1) == 0) return "sudo sysctl -w kernel.unprivileged_userns_clone=1";
  if (setting("kernel/apparmor_restrict_unprivileged_userns", 0) == 1)
    return "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  if (fs::exists("/.dockerenv") || fs::exists("/run/.containerenv"))
    return "start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined";
  return "no command is known for this refusal; practice works all the same";
}

Finding rooms() {
  const room::Choice choice = room::choose_rung();
  if (choice.rung == room::Rung::namespaces) return {true, "programs run in rooms of their own (namespaces)", ""};
  return {false, fmt::format("rooms are weaker here: {} ({})", room::weakness_of(choice.rung), choice.why),
          how_to_allow_rooms()};
}

Finding compiler() {
  if (access(IPCLAB_CXX, X_OK) == 0) return {true, std::string("the compiler is ") + IPCLAB_CXX_ID, ""};
  return {false, std::string("the compiler that the checker was built with has gone: ") + IPCLAB_CXX,
          "make clean, then any command builds anew"};
}

Finding tool(const std::string& name, const std::string& use) {
  if (access(("/usr/bin/" + name).c_str(), X_OK) == 0) return {true, fmt::format("{} is here, for {}", name, use), ""};
  return {false, fmt::format("{} is missing, for {}", name, use),
          fmt::format("sudo apt-get install -y --no-install-recommends {}", name)};
}

// Some containers' images throw away what packages bring for /usr/share/man.
Finding manual() {
  if (access("/usr/bin/man", X_OK) == 0 && base::run_tool({"man", "-w", "2", "pipe"}).status == 0)
    return {true, "manual pages are here, which every report names", ""};
  return {false, "manual pages are missing, which every report names",
          "sudo apt-get install -y manpages manpages-dev man-db; where a container's image leaves them out: sudo unminimize"};
}

Finding tracing() {
  const long scope = setting("kernel/yama/ptrace_scope", 0);
  if (scope < 2) return {true, "the checker may look at its programs' system calls", ""};
  return {false, fmt::format("only root may look at system calls (ptrace_scope {})", scope),
          "sudo sysctl -w kernel.yama.ptrace_scope=1"};
}

Finding space() {
  const std::uintmax_t free = fs::space(course::build_folder()).available >> 20;
  if (free > 500) return {true, fmt::format("{} MiB are free where the course builds", free), ""};
  return {false, fmt::format("only {} MiB are free where the course builds", free), "make clean, or free some space"};
}

Finding kernel() {
  utsname system{};
  uname(&system);
  if (const std::string trouble = trouble_with_kernel(system.release); !trouble.empty())
    return {false, trouble, "a newer kernel: nothing is graded on this one"};
  return {true, fmt::format("Linux {} on {}", system.release, system.machine), ""};
}

}  // namespace

std::vector<Finding> examine_machine() {
  return {kernel(),
          compiler(),
          rooms(),
          tracing(),
          tool("strace", "checks that fail or report calls"),
          tool("patch", "the course's own tests"),
          tool("gdb", "looking into a program in its room"),
          manual(),
          space()};
}

}  // namespace grade
