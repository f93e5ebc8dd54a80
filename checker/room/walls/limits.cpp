#include "room/walls/limits.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "see/proc.hpp"

namespace room {
namespace {

void limit(__rlimit_resource resource, std::uint64_t most, const char* what) {
  rlimit current{};
  base::must(getrlimit(resource, &current), what);
  // Never above what this user may have anyway.
  const rlim_t allowed = std::min<rlim_t>(most, current.rlim_max);
  const rlimit wanted{allowed, allowed};
  base::must(setrlimit(resource, &wanted), what);
}

}  // namespace

void apply(const Limits& limits, std::uint64_t others) {
  limit(RLIMIT_NPROC, limits.processes + others, "limit on processes");
  limit(RLIMIT_SIGPENDING, limits.pending_signals, "limit on pending signals");
  limit(RLIMIT_MSGQUEUE, limits.queue_bytes, "limit on message queues");
  limit(RLIMIT_FSIZE, limits.file_bytes, "limit on file size");
  limit(RLIMIT_CPU, limits.cpu_seconds, "limit on CPU time");
  limit(RLIMIT_CORE, limits.core_bytes, "limit on core files");
}

void lift_shared_limits() {
  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
  if (setrlimit(RLIMIT_MSGQUEUE, &none) < 0 && errno != EPERM) base::fail("limit on message queues");
}

void apply_last(const Limits& limits) {
  limit(RLIMIT_NOFILE, limits.descriptors, "limit on descriptors");
  if (limits.address_space > 0) limit(RLIMIT_AS, limits.address_space, "limit on memory");
}

std::uint64_t processes_of_user() {
  std::uint64_t count = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
    const std::string name = entry.path().filename();
    struct stat info {};
    if (std::isdigit(static_cast<unsigned char>(name[0])) && stat(entry.path().c_str(), &info) == 0 &&
        info.st_uid == getuid())
      count += see::threads_of(static_cast<pid_t>(std::stol(name))).size();
  }
  return count;
}

}  // namespace room
