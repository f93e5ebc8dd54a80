#include "see/story/blocked.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <map>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "see/objects.hpp"

namespace see {
namespace {

std::string inside(const std::string& text, std::string_view key) {
  const size_t at = text.find(key);
  if (at == std::string::npos) return {};
  const size_t from = text.find_first_not_of(" \t", at + key.size());
  return from == std::string::npos ? std::string{} : text.substr(from, text.find_first_of(" \t\n", from) - from);
}

// What a descriptor is, for the end of "blocked in read(3) on ...". Empty for a pipe: its name depends on the others.
std::string object_words(pid_t pid, const Descriptor& d) {
  if (d.target.starts_with("pipe:")) return "";
  if (d.type == S_IFIFO) return "the FIFO " + base::escape(path_seen_by(pid, d.target));
  if (d.type == S_IFSOCK) return "a socket";
  if (d.target.starts_with("/dev/pts/") || d.target.starts_with("/dev/tty") || d.target == "/dev/ptmx")
    return "the terminal";
  if (d.target.starts_with("anon_inode:"))
    return "its " + d.target.substr(d.target.find_first_not_of('[', 11), d.target.find(']') - 12);
  try {
    const base::Fd queue(open(fmt::format("/proc/{}/fd/{}", pid, d.fd).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const std::string text = d.type == S_IFREG && queue ? base::read_some(queue.get(), 80) : "";
    // A queue that has been unlinked keeps its name here, with a remark of the kernel's behind it.
    const std::string name = d.target.substr(0, d.target.find(" (deleted)"));
    if (text.starts_with("QSIZE:"))
      return fmt::format("message queue {} ({} bytes in it)", base::escape(name), inside(text, "QSIZE:"));
  } catch (const std::system_error&) {
    // A file that cannot be read is named by its path.
  }
  return base::escape(path_seen_by(pid, d.target));
}

void add_descriptor(Blocked& b, pid_t pid, int fd, End end, std::vector<std::string>& names) {
  const auto d = descriptor_of(pid, fd);
  if (!d || d->type != S_IFIFO) b.on_others = true;
  if (!d) return;
  const std::string words = object_words(pid, *d);
  if (!words.empty()) names.push_back(words);
  if (d->type == S_IFIFO) b.on.push_back({{d->device, d->inode}, end, words.empty()});
}

std::string path_argument(pid_t pid, std::uint64_t address) {
  const std::string bytes = memory_of(pid, address, 1).empty() ? "" : memory_of(pid, address, 256);
  return base::escape(bytes.c_str());
}

std::string signals_in(std::uint64_t set) {
  std::vector<std::string> names;
  for (int s = 1; s <= 64; ++s)
    if ((set >> (s - 1) & 1) != 0) names.push_back(signal_name(s));
  return names.size() > 6 ? fmt::format("{} signals", names.size()) : base::join(names, ", ");
}

// Operations on a set are tried in turn, each after those before it: the first that cannot be done is what it sleeps on.
std::string semaphore_words(pid_t pid, const Call& call) {
  const int id = static_cast<int>(call.args[0]);
  std::vector<sembuf> operations(std::min<std::uint64_t>(call.args[2], 32));
  const std::string bytes = memory_of(pid, call.args[1], operations.size() * sizeof(sembuf));
  if (operations.empty() || bytes.size() != operations.size() * sizeof(sembuf))
    return fmt::format("semaphore set {}", id);
  std::memcpy(operations.data(), bytes.data(), bytes.size());
  std::map<int, int> values;
  int sleeps_on = operations.front().sem_num;
  for (const sembuf& o : operations) {
    const auto counters = sysv_semaphore(id, o.sem_num);
    int& value = values.try_emplace(o.sem_num, counters ? counters->value : 0).first->second;
    sleeps_on = o.sem_num;
    if (o.sem_op == 0 ? value != 0 : value + o.sem_op < 0) break;
    value += o.sem_op;
  }
  const auto counters = sysv_semaphore(id, sleeps_on);
  if (!counters) return fmt::format("semaphore {} of set {}", sleeps_on, id);
  return fmt::format("semaphore {} of set {} (value {}, {} waiting for more, {} for zero)", sleeps_on, id,
                     counters->value, counters->waiting, counters->waiting_for_zero);
}

void wait_for_child(Blocked& b, pid_t pid, const Call& call) {
  if (const auto child = awaited_by_pidfd(pid, call))
    if (const auto status = status_of(*child)) {
      b.child = status->inner_pid;
      b.text = fmt::format("waits for its child {}", b.child);
      return;
    }
  const bool by_pid = call.number == SYS_wait4 ? static_cast<pid_t>(call.args[0]) > 0 : call.args[0] == P_PID;
  b.child = {by_pid ? static_cast<pid_t>(call.args[call.number == SYS_wait4 ? 0 : 1]) : -1};
  b.text = by_pid ? fmt::format("waits for its child {}", b.child) : "waits for any of its children";
}

// The words that futex_waitv(2) waits on, each once; all of one kind are told as one.
std::string futex_words([[maybe_unused]] pid_t pid, [[maybe_unused]] const Call& call) {
  std::vector<std::string> names;
#ifdef SYS_futex_waitv
  std::vector<futex_waitv> waiters(std::min<std::uint64_t>(call.args[1], 8));
  const std::string bytes = memory_of(pid, call.args[0], waiters.size() * sizeof(futex_waitv));
  if (bytes.size() != waiters.size() * sizeof(futex_waitv)) waiters.clear();
  if (!waiters.empty()) std::memcpy(waiters.data(), bytes.data(), bytes.size());
  for (const futex_waitv& w : waiters)
    if (const std::string name = mapped_at(pid, w.uaddr); std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
#endif
  return names.empty() ? "words of memory" : base::join(names, ", ");
}

void wait_for_many(Blocked& b, pid_t pid, const Call& call, const char* name) {
  std::vector<std::string> fds, names;
  const auto watched = polled_by(pid, call);
  b.on_others = !watched;
  if (watched)
    for (const Polled& w : *watched) {
      b.on_others |= !w.for_reading && !w.for_writing;
      fds.push_back(std::to_string(w.fd));
      if (w.for_reading) add_descriptor(b, pid, w.fd, End::reading, names);
      if (w.for_writing) add_descriptor(b, pid, w.fd, End::writing, names);
    }
  b.text = fmt::format("blocked in {}({})", name, base::join(fds, ", "));
  if (!names.empty()) b.text += " on " + base::join(names, ", ");
}

}  // namespace

Blocked blocked(const Process& process, const Thread& thread) {
  Blocked b;
  b.process = &process;
  b.tid = thread.tid;
  const pid_t pid = thread.tid;  // the leader may have ended, and shows nothing then
  const Call& call = thread.call;
  if (thread.state == 'T') return b.text = "is stopped", b;
  if (thread.state == 't') return b.text = "is held by a tracer", b;
  if (thread.state == 'Z') return b.text = "its main thread has ended", b;  // the leader alone stays to be seen, until all have ended
  if (thread.state != 'S' && thread.state != 'D') return b.text = "runs", b;
  const CallFacts* facts = call.known == Call::Known::yes ? facts_of(call.number) : nullptr;
  if (!facts && call.known != Call::Known::yes) return b.text = "sleeps", b;
  if (!facts) return b.text = fmt::format("asleep in {}, which this checker does not know", name_of(call.number)), b;

  b.kind = facts->on;
  const int fd = static_cast<int>(call.args[0]);
  std::vector<std::string> names;
  switch (facts->on) {
    case On::reading:
    case On::writing:
    case On::connecting:
    case On::lock:
      if (facts->on != On::lock && facts->on != On::connecting)
        add_descriptor(b, pid, fd, facts->on == On::reading ? End::reading : End::writing, names);
      else if (const auto d = descriptor_of(pid, fd)) names.push_back(object_words(pid, *d));
      b.text = fmt::format("blocked in {}({})", facts->name, fd);
      // It may be the other descriptor that keeps these asleep.
      b.on_others |= call.number == SYS_splice || call.number == SYS_tee || call.number == SYS_sendfile;
      if (!names.empty() && !names.front().empty()) b.text += " on " + names.front();
      if (facts->on == On::lock)
        if (const auto d = descriptor_of(pid, fd))
          if (const auto status = status_of(lock_holder(d->inode)))
            b.text += fmt::format(", which {} has locked", status->inner_pid);
      break;
    case On::opening:
      b.text = fmt::format(
          "blocked in open(\"{}\") for {}", path_argument(pid, call.args[static_cast<size_t>(facts->object)]),
          (call.args[static_cast<size_t>(facts->object + 1)] & O_ACCMODE) == O_RDONLY ? "reading" : "writing");
      break;
    case On::many: wait_for_many(b, pid, call, facts->name); break;
    case On::child: wait_for_child(b, pid, call); break;
    case On::signal: {
      const auto set = facts->object == 0 ? signals_awaited(pid, call) : std::nullopt;
      b.text = fmt::format("waits in {} for {}", facts->name, set ? signals_in(*set) : "a signal");
      break;
    }
    case On::futex:
      b.text = facts->object == 0 ? fmt::format("waits in futex for {}", mapped_at(pid, call.args[0]))
                                  : "waits in futex_waitv for " + futex_words(pid, call);
      break;
    case On::queue:
      b.text = fmt::format("blocked in {} on message queue {}", facts->name, fd);
      if (const auto queue = sysv_queue(fd))
        b.text += fmt::format(" ({} messages, {} of {} bytes)", queue->messages, queue->bytes, queue->room);
      break;
    case On::semaphores: b.text = "blocked in semop on " + semaphore_words(pid, call); break;
    case On::clock: b.text = fmt::format("sleeps in {}", facts->name); break;
    case On::new_program: b.text = fmt::format("waits in {} for its child to exec or end", facts->name); break;
    case On::unknown: b.text = fmt::format("sleeps in {}", facts->name); break;
  }
  return b;
}

}  // namespace see
