#include "see/open_ends.hpp"

namespace see {

OpenEnds::OpenEnds(const Family& family, pid_t check) {
  for (const Process& p : family)
    for (const pid_t table : p.tables()) tables_.emplace_back(p.pid(), descriptors_of(table));
  tables_.emplace_back(check, descriptors_of(check));
}

std::vector<OpenEnd> OpenEnds::of(ObjectKey object, End end) const {
  std::vector<OpenEnd> found;
  for (const auto& [pid, table] : tables_)
    for (const Descriptor& d : table)
      if (ObjectKey{d.device, d.inode} == object && (end == End::reading ? d.readable() : d.writable()))
        found.push_back({pid, d.fd});
  return found;
}

const Descriptor* OpenEnds::at(pid_t pid, int fd) const {
  for (const auto& [owner, table] : tables_)
    if (owner == pid)
      for (const Descriptor& d : table)
        if (d.fd == fd) return &d;
  return nullptr;
}

}  // namespace see
