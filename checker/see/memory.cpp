#include "see/memory.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <map>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <utility>

#include "see/borrowed.hpp"

namespace see {
namespace {

// Fewer sockets than these cannot hold much (net.core.wmem_max, tcp(7)); they are left alone.
constexpr size_t few_sockets = 64;

// Memory of what was sent by it and not received yet, and of what it has not received.
std::uint64_t held_by_socket(const base::Fd& socket) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket.get(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) < 0) return 0;
  return std::uint64_t{info[SK_MEMINFO_RMEM_ALLOC]} +
         std::max(info[SK_MEMINFO_WMEM_ALLOC], info[SK_MEMINFO_WMEM_QUEUED]);
}

}  // namespace

std::uint64_t memory_used_by(const Family& family, const std::vector<IpcObject>& before) {
  std::uint64_t own = 0, mapped = 0, unmapped = sysv_segments_bytes(before, family);
  std::map<std::pair<dev_t, ino_t>, std::uint64_t> files;
  struct Place {
    pid_t process, table;
    int fd;
  };
  std::map<std::string, Place> sockets;  // by target: one may stand behind many descriptors
  for (const Process& p : family) {
    mapped += p.status.shared_memory;
    own += p.stat.rss - std::min(p.stat.rss, p.status.shared_memory);
    for (const pid_t table : p.tables())
      for (const auto& [fd, target] : targets_of(table)) {
        struct stat info {};
        if (target.starts_with("/memfd:") && stat(fmt::format("/proc/{}/fd/{}", table, fd).c_str(), &info) == 0)
          files[{info.st_dev, info.st_ino}] = static_cast<std::uint64_t>(info.st_blocks) * 512;  // stat(2)
        if (is_socket(target)) sockets.try_emplace(target, Place{p.pid(), table, fd});
      }
  }
  for (const auto& [file, bytes] : files) unmapped += bytes;
  if (sockets.size() >= few_sockets)
    for (const auto& [target, at] : sockets)
      if (const auto d = descriptor_of(at.table, at.fd); d && d->type == S_IFSOCK)
        if (const base::Fd socket = borrowed(at.process, *d)) own += held_by_socket(socket);
  return own + std::max(mapped, unmapped);
}

}  // namespace see
