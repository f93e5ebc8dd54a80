#include "play/object/queues.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <mqueue.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/testbed/names.hpp"
#include "play/verdict/obstructed.hpp"
#include "room/belongings.hpp"
#include "see/calls.hpp"
#include "see/objects.hpp"

namespace play {
namespace {

[[noreturn]] void refused(const Queue& queue, const char* what, int why) {
  throw Obstructed(fmt::format("{} may be {}", queue.what(), what), strerror(why));
}

// As msgsnd(2) and msgrcv(2) lay it out: the type, then the bytes.
constexpr size_t most_in_a_letter = 65536;
std::string laid_out(long type, const std::string& bytes) {
  std::string letter(sizeof type, '\0');
  std::memcpy(letter.data(), &type, sizeof type);
  return letter + bytes;
}

bool sleeps_in_msgrcv_for(pid_t pid, int id, long type) {
  const auto calls = see::sleeping_calls(pid);
  return std::any_of(calls.begin(), calls.end(), [&](const see::Call& call) {
    return call.number == SYS_msgrcv && static_cast<int>(call.args[0]) == id && static_cast<long>(call.args[3]) == type;
  });
}

}  // namespace

Verdict Queue::held(const std::vector<Message>& messages) const {
  const auto one = [&](const Message& m) {
    return fmt::format("{} ({} byte{}, {} {})", base::quote(m.bytes), m.bytes.size(), m.bytes.size() == 1 ? "" : "s", tag(), m.tag);
  };
  for (size_t i = 0; i < messages.size(); ++i) {
    const auto next = take();
    if (next == messages[i]) continue;
    return Verdict::no(fmt::format("message {} in {} is {}", i + 1, what(), one(messages[i])),
                       next ? "it is " + one(*next) : "there is none");
  }
  const auto more = take();
  if (!more) return Verdict::yes();
  return Verdict::no(fmt::format("{} held {} message{}", what(), messages.size(), messages.size() == 1 ? "" : "s"),
                     "there is one more: " + one(*more));
}

PosixQueue::PosixQueue(Testbed& testbed) : Queue(testbed, next_name_for(testbed, "/jobs")) {}

base::Fd PosixQueue::opened(int flags) const {
  // Through /proc it is opened anew, with flags of its own (mq_overview(7): a queue's descriptor is one of a file).
  base::Fd queue(held_ ? open(fmt::format("/proc/self/fd/{}", held_.get()).c_str(), flags | O_NONBLOCK | O_CLOEXEC)
                       : mq_open(name_.c_str(), flags | O_NONBLOCK));
  if (!queue && errno != ENOENT) refused(*this, "opened by its owner", errno);
  return queue;
}

std::optional<int> PosixQueue::count() const {
  const base::Fd queue = opened(O_RDONLY);
  mq_attr is{};
  if (!queue || mq_getattr(queue.get(), &is) < 0) return std::nullopt;
  return static_cast<int>(is.mq_curmsgs);
}

std::optional<mode_t> PosixQueue::mode() const {
  struct stat info {};
  const base::Fd queue(mq_open(name_.c_str(), O_RDONLY | O_NONBLOCK));
  // One that its owner may not open is still a name where the queues' file system is mounted.
  if ((queue ? fstat(queue.get(), &info) : stat(("/dev/mqueue" + name_).c_str(), &info)) < 0) return std::nullopt;
  return info.st_mode & 07777;
}

bool PosixQueue::has_waiter(pid_t pid) const {
  const base::Fd queue = opened(O_RDONLY);
  struct stat mine {};
  if (!queue || fstat(queue.get(), &mine) < 0) return false;
  const auto is_this = [&](int fd) {
    const auto open = see::descriptor_of(pid, fd);
    return open && open->device == mine.st_dev && open->inode == mine.st_ino;
  };
  for (const see::Call& call : see::sleeping_calls(pid)) {
    if (call.number == SYS_mq_timedreceive || call.number == SYS_mq_timedsend) {
      if (is_this(static_cast<int>(call.args[0]))) return true;
    } else if (const auto polled = see::polled_by(pid, call)) {
      if (std::any_of(polled->begin(), polled->end(), [&](const see::Polled& p) { return is_this(p.fd); })) return true;
    }
  }
  return false;
}

Verdict PosixQueue::has_sizes(const Sizes& wanted) const {
  const auto text = [](const Sizes& s) { return fmt::format("{} message{} of {} bytes", s.messages, s.messages == 1 ? "" : "s", s.bytes); };
  const base::Fd queue = opened(O_RDONLY);
  mq_attr is{};
  const bool there = queue && mq_getattr(queue.get(), &is) == 0;
  const Sizes sizes{is.mq_maxmsg, is.mq_msgsize};
  if (there && sizes == wanted) return Verdict::yes();
  return Verdict::no(fmt::format("{} is for {}", what(), text(wanted)), there ? "it is for " + text(sizes) : there_is_none());
}

void PosixQueue::make(const Sizes& sizes) const {
  mq_attr wanted{};
  wanted.mq_maxmsg = sizes.messages;
  wanted.mq_msgsize = sizes.bytes;
  const base::Fd queue(mq_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, &wanted));
  if (!queue && errno == EEXIST) refused(*this, "made by the check", errno);
  base::must(queue.get(), "mq_open");
}

void PosixQueue::remove() const { mq_unlink(name_.c_str()); }

void PosixQueue::keep_open() {
  held_ = base::Fd(mq_open(name_.c_str(), O_RDWR | O_NONBLOCK));
  if (!held_) throw Obstructed(what() + " is there", strerror(errno));
}

bool PosixQueue::put(const Message& message) const {
  const base::Fd queue = opened(O_WRONLY);
  if (!queue) refused(*this, "written to", ENOENT);
  if (mq_send(queue.get(), message.bytes.data(), message.bytes.size(), static_cast<unsigned>(message.tag)) == 0) return true;
  if (errno != EAGAIN) refused(*this, fmt::format("given {} bytes", message.bytes.size()).c_str(), errno);
  return false;
}

std::optional<Message> PosixQueue::take() const {
  const base::Fd queue = opened(O_RDONLY);
  mq_attr is{};
  if (!queue || mq_getattr(queue.get(), &is) < 0) return std::nullopt;
  std::string bytes(static_cast<size_t>(is.mq_msgsize), '\0');
  unsigned priority = 0;
  const ssize_t size = mq_receive(queue.get(), bytes.data(), bytes.size(), &priority);
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<size_t>(size));
  return Message{bytes, priority};
}

SysvQueue::SysvQueue(Testbed& testbed) : SysvQueue(testbed, room::free_key()) {}

SysvQueue::SysvQueue(Testbed& testbed, key_t key)
    : Queue(testbed, fmt::format("{:#x}", static_cast<unsigned>(key))), key_(key) {}

int SysvQueue::id() const {
  const auto row = see::sysv_queue_of(key_);
  return row ? row->id : -1;
}

std::optional<int> SysvQueue::count() const {
  const auto row = see::sysv_queue_of(key_);
  return row ? std::optional(static_cast<int>(row->messages)) : std::nullopt;
}

std::optional<long> SysvQueue::bytes() const {
  const auto row = see::sysv_queue_of(key_);
  return row ? std::optional(static_cast<long>(row->bytes)) : std::nullopt;
}

std::optional<mode_t> SysvQueue::mode() const {
  const auto row = see::sysv_queue_of(key_);
  return row ? std::optional(row->mode) : std::nullopt;
}

bool SysvQueue::has_waiter(pid_t pid) const {
  const int queue = id();
  for (const see::Call& call : see::sleeping_calls(pid))
    if (const see::CallFacts* facts = see::facts_of(call.number); facts && facts->on == see::On::queue && queue >= 0)
      if (static_cast<int>(call.args[0]) == queue) return true;
  return false;
}

Verdict SysvQueue::is_waited_on_for(const Observed& who, long type) const {
  return comes_true(
      fmt::format("{} sleeps in msgrcv on {} for type {}", who.name(), what(), type),
      [&] { return id() < 0 ? there_is_none() : "it does not"; },
      [&] {
        const int queue = id();
        return queue >= 0 && itself_or_below(who.pid(), [&](pid_t one) { return sleeps_in_msgrcv_for(one, queue, type); }) != 0;
      });
}

std::optional<long> SysvQueue::room() const {
  const auto counters = see::sysv_queue(id());
  return counters ? std::optional(static_cast<long>(counters->room)) : std::nullopt;
}

void SysvQueue::make(std::optional<long> room) const {
  const int queue = msgget(key_, IPC_CREAT | IPC_EXCL | 0600);
  if (queue < 0 && errno == EEXIST) refused(*this, "made by the check", errno);
  base::must(queue, "msgget");
  if (!room) return;
  msqid_ds is{};
  base::must(msgctl(queue, IPC_STAT, &is), "msgctl");
  is.msg_qbytes = static_cast<unsigned long>(*room);
  base::must(msgctl(queue, IPC_SET, &is), "msgctl");
}

void SysvQueue::remove() const { msgctl(id(), IPC_RMID, nullptr); }

bool SysvQueue::put(const Message& message) const {
  const std::string letter = laid_out(message.tag, message.bytes);
  if (msgsnd(id(), letter.data(), message.bytes.size(), IPC_NOWAIT) == 0) return true;
  if (errno != EAGAIN) refused(*this, "written to", errno);
  return false;
}

std::optional<Message> SysvQueue::take(long type) const {
  std::string letter = laid_out(0, std::string(most_in_a_letter, '\0'));
  const ssize_t size = msgrcv(id(), letter.data(), most_in_a_letter, type, IPC_NOWAIT | MSG_NOERROR);
  if (size < 0) return std::nullopt;
  Message taken{letter.substr(sizeof(long), static_cast<size_t>(size)), 0};
  std::memcpy(&taken.tag, letter.data(), sizeof taken.tag);
  return taken;
}

}  // namespace play
