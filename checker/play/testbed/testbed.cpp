#include "play/testbed/testbed.hpp"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/testbed/terminal.hpp"
#include "room/aftermath.hpp"
#include "room/belongings.hpp"

namespace play {
namespace {
constexpr size_t most_events = 2000;

// What sets an interval timer of the wall clock.
const std::vector<room::AskedCall>& timer_calls() {
  static const std::vector<room::AskedCall> calls{
#ifdef SYS_alarm
      {SYS_alarm},
#endif
      {SYS_setitimer, room::AskedCall::Argument{0, ITIMER_REAL}}};
  return calls;
}
}  // namespace

Testbed::Testbed(room::Room& room, std::string folder, Budget budget)
    : room_(room),
      by_hand_(std::move(folder)),
      self_(getpid()),
      budget_(budget),
      objects_before_(room::objects_in_reach(room.shm_folder(), room.mqueue_folder(), self_)),
      entered_(std::chrono::steady_clock::now()) {
  if (room.keeper() > 0) ours_.push_back(room.keeper());
}

Started& Testbed::start(const std::string& program, const std::vector<std::string>& words, Tie tie, room::Order order) {
  return start_path(room_.programs() + "/" + program, words, tie, std::move(order));
}

Started& Testbed::start_path(const std::string& path, const std::vector<std::string>& words, Tie tie, room::Order order) {
  Started& started = all_started_.emplace_back();
  started.name = path.substr(path.rfind('/') + 1);
  started.argv = {order.argv.empty() ? started.name : order.argv.front()};
  started.argv.insert(started.argv.end(), words.begin(), words.end());
  order.path = path;
  order.argv = started.argv;

  base::Fd theirs[3];
  if (tie == Tie::terminal) {
    Terminal terminal = open_terminal(room_);
    started.out.fd = std::move(terminal.master);
    started.out.terminal = true;
    started.input = base::Fd(base::must(fcntl(started.out.fd.get(), F_DUPFD_CLOEXEC, 3), "fcntl"));
    theirs[0] = std::move(terminal.slave);
    order.terminal = true;
    for (int fd = 0; fd < 3; ++fd) order.descriptors.emplace_back(theirs[0].get(), fd);
  } else {
    base::Pipe in = base::make_pipe(), out = base::make_pipe(), err = base::make_pipe();
    started.input = std::move(in.write_end);
    started.out.fd = std::move(out.read_end);
    started.err.fd = std::move(err.read_end);
    theirs[0] = std::move(in.read_end);
    theirs[1] = std::move(out.write_end);
    theirs[2] = std::move(err.write_end);
    for (int fd = 0; fd < 3; ++fd) order.descriptors.emplace_back(theirs[fd].get(), fd);
  }
  for (const base::Fd* fd : {&started.input, &started.out.fd, &started.err.fd})
    if (*fd) base::set_nonblocking(fd->get());

  const bool plain = tie == Tie::streams && !order.prepare && order.environment.empty() && order.limits == room::Limits{} && order.asks.empty();
  const bool after_all = std::all_of(all_started_.begin(), std::prev(all_started_.end()), [](const Started& a) { return a.ending.has_value(); });
  by_hand_.start(started.name, words, after_all);
  if (!plain || path != room_.programs() + "/" + started.name) by_hand_.something_else();
  note("start: " + base::shell_words(started.argv), true);
  order.asks.insert(order.asks.end(), timer_calls().begin(), timer_calls().end());
  room::Child child = room::spawn(room_, order);
  started.pid = child.pid;
  met_.insert(child.pid);
  started.pidfd = std::move(child.pidfd);
  started.questions = std::move(child.questions);
  started.holds = std::move(order.holds);
  if (started.holds && !started.questions)
    throw std::runtime_error("this machine does not let a check hold system calls (seccomp_unotify(2))");
  return started;
}

bool Testbed::pump() {
  bool moved = false;
  for (Started& started : all_started_) {
    const size_t out = started.out.bytes, err = started.err.bytes;
    const bool ended = started.ending.has_value();
    moved |= started.pump();
    if (started.out.bytes > out && out < most_kept)
      note(fmt::format("{} prints {}", started.name,
                       base::quote(std::string_view(started.out.text).substr(std::min(out, started.out.text.size())), 60)));
    if (started.err.bytes > err && err < most_kept)
      note(fmt::format("{} prints on standard error {}", started.name,
                       base::quote(std::string_view(started.err.text).substr(std::min(err, started.err.text.size())), 60)));
    if (started.ending && !ended) note(fmt::format("{} {}", started.name, describe(*started.ending)));
  }
  moved |= answer_questions();
  for (const auto& [serve, waits_for] : on_pump_) moved |= serve();
  return moved;
}

see::Movement Testbed::look_twice(see::Family& seen) { return noted(seen, see::look_twice(self_, not_moving(), interval_timers_, seen)); }
see::Movement Testbed::look_again(see::Family& seen) { return noted(seen, see::look_again(self_, not_moving(), interval_timers_, seen)); }

// Whoever has been seen may have left something behind.
see::Movement Testbed::noted(const see::Family& seen, see::Movement movement) {
  for (const see::Process& p : seen) met_.insert(p.pid());
  return movement;
}

bool Testbed::answer_questions() {
  constexpr int most = 64;  // a program that asks without end must not keep the check here
  bool moved = false;
  for (Started& started : all_started_)
    for (int n = 0; n < most && started.questions && answer_next(started); ++n) moved = true;
  return moved;
}

// A timer is noted as set before the call is made, and as taken back only when the call was let pass: one that is
// interrupted leaves a timer too many in the book, never one too few.
bool Testbed::answer_next(Started& started) {
  const auto question = started.questions->next();
  if (!question) return false;
  const auto change = see::IntervalTimers::change_by(question->tid, question->call);
  if (change && change->strikes) interval_timers_.note(*change);
  const bool held = started.holds && started.holds(started.questions, *question);
  if (!held && started.questions->pass(*question) && change) interval_timers_.note(*change);
  return true;
}

bool Testbed::sees_interval_timers() const {
  return std::all_of(all_started_.begin(), all_started_.end(), [](const Started& s) { return s.questions != nullptr; });
}

void Testbed::flush_terminals() const {
  for (const Started& started : all_started_)
    if (started.out.terminal && started.out.fd && !started.ending) flush_keys(started.out.fd);
}

std::vector<pollfd> Testbed::polls() const {
  std::vector<pollfd> all;
  for (const Started& started : all_started_) started.add_polls(all);
  for (const auto& [serve, waits_for] : on_pump_)
    if (waits_for) waits_for(all);
  return all;
}

bool Testbed::ending_is_under_way() const {
  for (const Started& started : all_started_) {
    if (started.ending) continue;
    // A tracer that was attached to it has still to be told: only then is its end its parent's to see (ptrace(2)).
    const auto stat = see::stat_of(started.pid);
    if (stat && stat->state == 'Z' && see::threads_of(started.pid).size() < 2) return true;
    if (!started.subject) continue;
    const auto subject = see::stat_of(started.subject), tracer = see::stat_of(started.pid);
    if (subject && subject->state == 'Z') return true;  // the tracer will collect it
    // Collected: asleep now, the tracer waits for others that it traces, and will not end before them.
    if (!subject && tracer && tracer->state != 'S') return true;
  }
  return false;
}

std::optional<bool> Testbed::executes(pid_t pid, const std::string& program) const {
  struct stat copied {}, runs {};
  if (stat(room_.outside(room_.programs() + "/" + program).c_str(), &copied) != 0) return std::nullopt;
  if (stat(fmt::format("/proc/{}/exe", pid).c_str(), &runs) != 0) return std::nullopt;
  return copied.st_dev == runs.st_dev && copied.st_ino == runs.st_ino;
}

std::vector<pid_t> Testbed::program_pids() const {
  std::vector<pid_t> pids;
  for (const Started& started : all_started_) {
    pids.push_back(started.pid);
    if (started.subject) pids.push_back(started.subject);
  }
  return pids;
}

std::string Testbed::held(pid_t pid) const {
  const auto at = held_.find(pid);
  return at == held_.end() ? "" : "held by this check " + at->second;
}

std::vector<pid_t> Testbed::not_moving() const {
  std::vector<pid_t> all = ours_;
  for (const auto& [pid, where] : held_) all.push_back(pid);
  return all;
}

see::Story Testbed::story_of(const see::Family& family) const {
  see::Story story = see::story_of(family, {self_, program_pids()});
  for (const auto& [pid, where] : held_) {
    const auto stat = see::stat_of(pid);
    const auto status = see::status_of(pid);
    if (stat && status && stat->state != 'Z')
      story.lines.push_back(fmt::format("{} {}   {}", base::escape(stat->name), status->inner_pid, held(pid)));
  }
  for (const Started& started : all_started_)
    if (const auto stat = see::stat_of(started.pid); started.report && stat && stat->state == 'T')
      story.lines.push_back(fmt::format("strace {}   has been stopped by a signal: this check had set it above {}", see::status_of(started.pid)->inner_pid, started.name));
  return story;
}

void Testbed::clear() {
  const auto objects = [this] { return room::aftermath(room_, {}, objects_before_, met_).objects; };
  // Where objects are shared with others, who lives and uses one shows whose it is.
  const std::vector<see::IpcObject> used = room_.rung() == room::Rung::subreaper ? objects() : std::vector<see::IpcObject>{};
  for (const see::Process& p : family_and_held()) kill(p.pid(), SIGKILL);
  room::remove(used);
  room::remove(objects());
  all_started_.clear();
}

void Testbed::note_file(const std::string& name, const std::string& text) {
  by_hand_.file(name, text);
  if (all_started_.empty()) {
    std::erase_if(files_at_the_start_, [&](const auto& file) { return file.first == name; });
    files_at_the_start_.emplace_back(name, text);
  }
  note(fmt::format("write the file {}: {}", name, base::quote(text, 60)), true);
}

size_t Testbed::number_of(const Started& started) const {
  return static_cast<size_t>(
      std::find_if(all_started_.begin(), all_started_.end(), [&](const Started& a) { return &a == &started; }) - all_started_.begin());
}

void Testbed::type(Started& started, const std::string& text) {
  by_hand_.type(number_of(started), text);
  note("type " + base::quote(text, 60), true);
  started.type(text);
}

void Testbed::close_input(Started& started) {
  by_hand_.close_input(number_of(started));
  note("close its input", true);
  started.close_input();
}

// A number that is a process of this room: outside it would be a stranger.
bool Testbed::any_pid_in_words() const {
  for (const Started& started : all_started_)
    if (const auto status = see::status_of(started.pid))
      for (const Started& other : all_started_)
        if (std::find(other.argv.begin() + 1, other.argv.end(), status->inner_pid.text()) != other.argv.end()) return true;
  return false;
}

std::string Testbed::by_hand() const {
  if (any_pid_in_words()) return {};
  const std::unique_ptr<DIR, int (*)(DIR*)> here(opendir("."), closedir);
  bool files = false;
  while (const dirent* entry = here ? readdir(here.get()) : nullptr) files |= entry->d_name[0] != '.';
  return by_hand_.line(files);
}

std::string Testbed::endings() const {
  std::vector<std::string> all;
  for (const Started& started : all_started_) {
    if (!started.ending) return {};
    all.push_back(started.name + " " + describe(*started.ending));
  }
  return base::join(all, ", ");
}

double Testbed::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - entered_).count();
}

void Testbed::note(std::string what, bool done_by_check) {
  if (events_.size() < most_events) events_.push_back({1000 * seconds(), std::move(what), done_by_check});
}

}  // namespace play
