#include "play/subject/observed.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/stat.h>

#include "base/text.hpp"
#include "play/verdict/failure.hpp"
#include "play/verdict/obstructed.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

std::string describe(const see::Descriptor& d) {
  std::string what = d.target.starts_with("pipe:") ? "a pipe" : base::escape(d.target);
  if (d.target.starts_with("pipe:")) what = std::string(d.writable() ? "the write" : "the read") + " end of a pipe";
  return fmt::format("fd {} ({})", d.fd, what);
}

}  // namespace

Evidence Observed::failed_wait(const std::string& expected, const Waited& waited) const {
  return play::failed_wait(*testbed_, expected, waited);
}

Verdict Observed::comes_true(const std::string& expected, const std::function<bool()>& condition) const {
  return play::comes_true(*testbed_, expected, condition);
}

Evidence Observed::with_context(Evidence e) const { return play::with_context(*testbed_, std::move(e)); }

pid_t Observed::pid() const {
  const pid_t known = known_pid();
  if (known <= 0) throw std::logic_error(name() + " has not been met");
  return known;
}

// Whom somebody else has collected meanwhile cannot be signalled any more.
void Observed::sent(int result, const std::string& what) const {
  if (result == 0) return;
  if (errno != ESRCH) base::fail("kill");
  throw Obstructed(name() + " is there, and " + what + " can be sent to it", "it has gone, and is not even a zombie");
}

void Observed::send(int signal) const {
  testbed_->note_act(fmt::format("send {} to {}", see::signal_name(signal), name()));
  testbed_->answer_questions();
  sent(kill(pid(), signal), see::signal_name(signal));
}

void Observed::send_to_group(int signal) const {
  const auto stat = see::stat_of(pid());
  if (!stat || stat->group <= 0) throw Obstructed(name() + " is there, with its process group", "it has gone");
  testbed_->note_act(fmt::format("send {} to the process group of {}", see::signal_name(signal), name()));
  testbed_->answer_questions();
  sent(kill(-stat->group, signal), see::signal_name(signal));
}

void Observed::queue(int signal, int value) const {
  testbed_->note_act(fmt::format("queue {} with value {} to {}", see::signal_name(signal), value, name()));
  testbed_->answer_questions();
  sigval v{};
  v.sival_int = value;
  sent(sigqueue(pid(), signal, v), see::signal_name(signal));
}

void Observed::freeze() const {
  send(SIGSTOP);
  if (!wait_until(*testbed_, [&] { return state_is('T') || state_is('Z'); }))
    throw Obstructed(name() + " stops when SIGSTOP is sent to it", "it does not");
}

void Observed::thaw() const { send(SIGCONT); }

bool Observed::has_ended() const { return state_is('Z'); }

bool Observed::state_is(char state) const {
  const auto stat = see::stat_of(pid());
  return stat ? stat->state == state : state == 'Z';
}

Verdict Observed::blocks_in(const std::string& call, int fd) const {
  const std::string where = fd < 0 ? call : fmt::format("{}({})", call, fd);
  return comes_true(fmt::format("{} blocks in {}", name(), where), [&] {
    for (const pid_t tid : see::threads_of(pid())) {
      const auto stat = see::stat_of(pid(), tid);
      const see::Call now = see::call_of(pid(), tid);
      if (stat && stat->state == 'S' && now.known == see::Call::Known::yes && see::name_of(now.number) == call &&
          (fd < 0 || static_cast<int>(now.args[0]) == fd))
        return true;
    }
    return false;
  });
}

Verdict Observed::waits_at(int fd) const {
  const auto at_it = [fd](pid_t tid, const see::Call& call) {
    const see::CallFacts* facts = call.known == see::Call::Known::yes ? see::facts_of(call.number) : nullptr;
    if (!facts) return false;
    if (facts->on == see::On::reading || facts->on == see::On::writing) return static_cast<int>(call.args[0]) == fd;
    const auto polled = see::polled_by(tid, call);
    return polled && std::any_of(polled->begin(), polled->end(), [fd](const see::Polled& p) { return p.fd == fd; });
  };
  return comes_true(fmt::format("{} waits at its descriptor {}", name(), fd), [&] {
    for (const pid_t tid : see::threads_of(pid())) {
      const auto stat = see::stat_of(pid(), tid);
      if (stat && stat->state == 'S' && at_it(tid, see::call_of(pid(), tid))) return true;
    }
    return false;
  });
}

Verdict Observed::keeps_open(const std::vector<int>& fds, const std::string& leak) const {
  Evidence e;
  e.expected = fmt::format("{} has exactly descriptors {} open", name(), fmt::join(fds, ", "));
  std::vector<std::string> extra;
  std::vector<int> open;
  const std::string& root = testbed_->room().root();
  auto all = see::descriptors_of(pid());
  for (see::Descriptor& d : all) {
    open.push_back(d.fd);
    if (std::find(fds.begin(), fds.end(), d.fd) != fds.end()) continue;
    if (!root.empty() && d.target.starts_with(root + "/")) d.target.erase(0, root.size());  // as the program sees it
    extra.push_back(describe(d));
    const std::string called = leak.empty() && d.target.starts_with("pipe:") ? "pipe/end-leaked-to-a-stage" : leak;
    if (!called.empty() && e.diagnoses.empty()) e.diagnoses.push_back(called);
  }
  for (const int fd : fds)
    if (std::find(open.begin(), open.end(), fd) == open.end()) {
      e.actual = fmt::format("fd {} is closed", fd);
      e.missing.push_back(std::to_string(fd));
      return Verdict::no(with_context(std::move(e)));
    }
  if (extra.empty()) return Verdict::yes();
  e.actual = "it also has " + base::join(extra, ", ");
  e.too_many = std::move(extra);
  return Verdict::no(with_context(std::move(e)));
}

Verdict Observed::shares(int fd, const Observed& other, int other_fd) const {
  const auto mine = object_at(fd), theirs = other.object_at(other_fd);
  if (mine && mine == theirs) return Verdict::yes();
  Evidence e;
  e.expected = fmt::format("descriptor {} of {} is the very pipe or file that {} has as descriptor {}", fd, name(),
                           other.name(), other_fd);
  const auto open = see::descriptor_of(pid(), fd);
  e.actual = open ? "it is another one: " + base::escape(open->target) : "it is closed";
  return Verdict::no(e);
}

Verdict Observed::has_file(int fd, const std::string& file) const {
  Evidence e;
  e.expected = fmt::format("descriptor {} of {} is the file {}", fd, name(), file);
  struct stat info {};
  const auto open = see::descriptor_of(pid(), fd);
  const std::string path = file.starts_with("/") ? testbed_->room().outside(file) : file;
  if (lstat(path.c_str(), &info) != 0) e.actual = "there is no such file";
  else if (!open) e.actual = "it is closed";
  else if (open->device != info.st_dev || open->inode != info.st_ino)
    e.actual = "it is something else: " + describe(*open);
  else return Verdict::yes();
  return Verdict::no(with_context(std::move(e)));
}

Verdict Observed::can_read(int fd) const {
  const auto open = see::descriptor_of(pid(), fd);
  if (open && open->readable()) return Verdict::yes();
  return Verdict::no(with_context({fmt::format("descriptor {} of {} is open for reading", fd, name()), open ? "it is open for writing only: a read() says EBADF" : "it is closed"}));
}

Verdict Observed::has_no_file(int fd, const std::string& file) const {
  struct stat info {};
  const auto open = see::descriptor_of(pid(), fd);
  if (!open || lstat(file.c_str(), &info) != 0 || open->device != info.st_dev || open->inode != info.st_ino)
    return Verdict::yes();
  Evidence e;
  e.expected = fmt::format("descriptor {} of {} is not the file {}", fd, name(), file);
  e.actual = "it is";
  return Verdict::no(with_context(std::move(e)));
}

Verdict Observed::has_pipe_at(int fd) const {
  const auto open = see::descriptor_of(pid(), fd);
  if (open && open->target.starts_with("pipe:")) return Verdict::yes();
  Evidence e;
  e.expected = fmt::format("descriptor {} of {} is an end of a pipe", fd, name());
  e.actual = open ? "it is something else: " + base::escape(open->target) : "it is closed";
  if (open && open->type == S_IFREG) e.diagnoses.emplace_back("pipe/through-a-file");
  return Verdict::no(e);
}

Verdict Observed::has_fifo_at(int fd) const {
  const auto open = see::descriptor_of(pid(), fd);
  if (open && open->type == S_IFIFO && !open->target.starts_with("pipe:")) return Verdict::yes();
  return Verdict::no(fmt::format("descriptor {} of {} is an end of a FIFO", fd, name()), open ? "it is something else: " + base::escape(open->target) : "it is closed");
}

std::optional<see::ObjectKey> Observed::object_at(int fd) const {
  const auto open = see::descriptor_of(pid(), fd);
  return open ? std::optional<see::ObjectKey>({open->device, open->inode}) : std::nullopt;
}

Verdict Observed::is_stopped() const {
  return comes_true(name() + " is stopped", [&] { return state_is('T'); });
}

Verdict Observed::has_no_zombies() const {
  const auto zombies = [&] {
    const see::Family family = testbed_->family();
    std::vector<std::string> found;
    for (const see::Process* p : see::children_in(family, pid()))
      if (p->ended())
        found.push_back(fmt::format("{} {}   has ended, and nobody has waited for it (a zombie)",
                                    base::escape(p->stat.name), p->status.inner_pid));
    return found;
  };
  if (wait_until(*testbed_, [&] { return zombies().empty(); })) return Verdict::yes();
  Evidence e;
  e.expected = name() + " has waited for every child that has ended";
  e.lines = zombies();
  e.actual = fmt::format("{} still {} in the process table", e.lines.size(), e.lines.size() == 1 ? "is" : "are");
  e.diagnoses.emplace_back("process/not-waited-for");
  return Verdict::no(std::move(e));
}

Verdict Observed::is_gone() const {
  return comes_true(name() + " has ended", [&] { return state_is('Z'); });
}

Verdict Observed::leads_its_session() const {
  return comes_true(name() + " leads its session", [&] {
    const auto stat = see::stat_of(pid());
    return stat && stat->session == stat->pid;
  });
}

Verdict Observed::has_another_group_than(const Observed& other) const {
  const auto mine = see::stat_of(pid()), theirs = see::stat_of(other.pid());
  if (mine && theirs && mine->group != theirs->group) return Verdict::yes();
  return Verdict::no(with_context({fmt::format("{} is in another process group than {}", name(), other.name()),
                                   mine && theirs ? "both are in one" : "one of them has gone"}));
}

Verdict Observed::is_child_of(const Observed& other) const {
  return comes_true(fmt::format("{} is a child of {}", name(), other.name()), [&] {
    const auto stat = see::stat_of(pid());
    return stat && stat->parent == other.pid();
  });
}

Verdict Observed::is_in_foreground() const {
  return comes_true(name() + "'s process group is the terminal's foreground group", [&] {
    const auto stat = see::stat_of(pid());
    return stat && stat->terminal != 0 && stat->group == stat->foreground_group;
  });
}

}  // namespace play
