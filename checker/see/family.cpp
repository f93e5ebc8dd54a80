#include "see/family.hpp"

#include <algorithm>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace see {
namespace {

void collect(pid_t parent, const std::vector<pid_t>& ours, Family& family) {
  for (const pid_t pid : children_of(parent)) {
    if (std::find(ours.begin(), ours.end(), pid) == ours.end()) {
      const auto stat = stat_of(pid);
      const auto status = status_of(pid);
      if (!stat || !status) continue;
      Process process{*stat, *status, {}};
      const std::vector<pid_t> threads = threads_of(pid);
      for (const pid_t tid : threads) {
        // A process with one thread has told of it already.
        const auto thread = threads.size() == 1 ? stat : stat_of(pid, tid);
        const auto own = threads.size() == 1 ? status : status_of(pid, tid);
        if (thread && own)
          process.threads.push_back({tid, thread->state, thread->start, own->switches, own->blocked, own->tracer, call_of(pid, tid)});
      }
      family.push_back(std::move(process));
    }
    collect(pid, ours, family);
  }
}

}  // namespace

pid_t Process::live_thread() const {
  const auto at =
      std::find_if(threads.begin(), threads.end(), [](const Thread& t) { return t.state != 'Z' && t.state != 'X'; });
  return at == threads.end() ? 0 : at->tid;
}

std::vector<pid_t> Process::tables() const {
  std::vector<pid_t> found;
  for (const Thread& t : threads) {
    if (t.state == 'Z' || t.state == 'X') continue;
    // A kernel without kcmp(2) cannot tell: then one table speaks for all.
    const bool is_new = std::all_of(found.begin(), found.end(),
                                    [&](pid_t tid) { return syscall(SYS_kcmp, tid, t.tid, KCMP_FILES, 0, 0) > 0; });
    if (is_new) found.push_back(t.tid);
  }
  return found;
}

Family family_of(pid_t root, const std::vector<pid_t>& ours) {
  Family family;
  collect(root, ours, family);
  return family;
}

const Process* find(const Family& family, pid_t pid) {
  const auto at = std::find_if(family.begin(), family.end(), [&](const Process& p) { return p.pid() == pid; });
  return at == family.end() ? nullptr : &*at;
}

std::vector<const Process*> children_in(const Family& family, pid_t parent) {
  std::vector<const Process*> children;
  for (const Process& p : family)
    if (p.stat.parent == parent) children.push_back(&p);
  return children;
}

bool same(const Family& before, const Family& after) {
  return std::equal(before.begin(), before.end(), after.begin(), after.end(), [](const Process& a, const Process& b) {
    return a.pid() == b.pid() && a.stat.start == b.stat.start && a.stat.parent == b.stat.parent &&
           a.threads == b.threads;
  });
}

}  // namespace see
