#include "see/holders.hpp"

namespace see {

Holders::Holders(const Family& family, pid_t check) {
  for (const Process& p : family)
    if (!p.ended()) tables_.emplace_back(p.pid(), descriptors_of(p.live_thread()));
  tables_.emplace_back(check, descriptors_of(check));
}

std::vector<Holder> Holders::of(ObjectKey object, End end) const {
  std::vector<Holder> found;
  for (const auto& [pid, table] : tables_)
    for (const Descriptor& d : table)
      if (ObjectKey{d.device, d.inode} == object && (end == End::reading ? d.readable() : d.writable()))
        found.push_back({pid, d.fd});
  return found;
}

const Descriptor* Holders::at(pid_t pid, int fd) const {
  for (const auto& [owner, table] : tables_)
    if (owner == pid)
      for (const Descriptor& d : table)
        if (d.fd == fd) return &d;
  return nullptr;
}

}  // namespace see
