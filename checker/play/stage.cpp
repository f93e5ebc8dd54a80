#include "play/stage.hpp"

#include <algorithm>
#include <cctype>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/terminal.hpp"
#include "room/aftermath.hpp"

namespace play {

Stage::Stage(room::Room& room, std::string by_hand_folder)
    : room_(room),
      by_hand_folder_(std::move(by_hand_folder)),
      self_(getpid()),
      objects_before_(see::ipc_objects(room.shm_folder(), room.mqueue_folder())),
      entered_(std::chrono::steady_clock::now()) {
  if (room.keeper() > 0) ours_.push_back(room.keeper());
}

Actor& Stage::start(const std::string& program, const std::vector<std::string>& words, Tie tie, room::Order order) {
  return start_path(room_.programs() + "/" + program, words, tie, std::move(order));
}

Actor& Stage::start_path(const std::string& path, const std::vector<std::string>& words, Tie tie, room::Order order) {
  Actor& actor = actors_.emplace_back();
  actor.name = path.substr(path.rfind('/') + 1);
  actor.argv = {actor.name};
  actor.argv.insert(actor.argv.end(), words.begin(), words.end());
  order.path = path;
  order.argv = actor.argv;

  base::Fd theirs[3];
  if (tie == Tie::terminal) {
    Terminal terminal = open_terminal(room_);
    actor.out.fd = std::move(terminal.master);
    actor.out.terminal = true;
    actor.input = base::Fd(base::must(fcntl(actor.out.fd.get(), F_DUPFD_CLOEXEC, 3), "fcntl"));
    theirs[0] = std::move(terminal.slave);
    order.terminal = true;
    for (int fd = 0; fd < 3; ++fd) order.descriptors.emplace_back(theirs[0].get(), fd);
  } else {
    base::Pipe in = base::make_pipe(), out = base::make_pipe(), err = base::make_pipe();
    actor.input = std::move(in.write_end);
    actor.out.fd = std::move(out.read_end);
    actor.err.fd = std::move(err.read_end);
    theirs[0] = std::move(in.read_end);
    theirs[1] = std::move(out.write_end);
    theirs[2] = std::move(err.write_end);
    for (int fd = 0; fd < 3; ++fd) order.descriptors.emplace_back(theirs[fd].get(), fd);
  }
  for (const base::Fd* fd : {&actor.input, &actor.out.fd, &actor.err.fd})
    if (*fd) base::set_nonblocking(fd->get());

  note("start: " + base::shell_words(actor.argv));
  room::Child child = room::spawn(room_, order);
  actor.pid = child.pid;
  actor.pidfd = std::move(child.pidfd);
  return actor;
}

bool Stage::pump() {
  bool moved = false;
  for (Actor& actor : actors_) {
    const size_t out = actor.out.bytes, err = actor.err.bytes;
    const bool ended = actor.ending.has_value();
    moved |= actor.pump();
    if (actor.out.bytes > out && out < most_kept)
      note(fmt::format("{} prints {}", actor.name,
                       base::quote(std::string_view(actor.out.text).substr(std::min(out, actor.out.text.size())), 60)));
    if (actor.err.bytes > err && err < most_kept)
      note(fmt::format("{} prints on standard error {}", actor.name,
                       base::quote(std::string_view(actor.err.text).substr(std::min(err, actor.err.text.size())), 60)));
    if (actor.ending && !ended) note(fmt::format("{} {}", actor.name, describe(*actor.ending)));
  }
  for (const auto& serve : attended_) moved |= serve();
  return moved;
}

void Stage::settle() const {
  for (const Actor& actor : actors_)
    if (actor.out.terminal && actor.out.fd && !actor.ending) play::settle(actor.out.fd);
}

std::vector<pollfd> Stage::polls() const {
  std::vector<pollfd> all;
  for (const Actor& actor : actors_) actor.add_polls(all);
  return all;
}

bool Stage::ending_is_under_way() const {
  for (const Actor& actor : actors_) {
    if (actor.ending) continue;
    // A tracer that was attached to it has still to be told: only then is its end its parent's to see (ptrace(2)).
    const auto stat = see::stat_of(actor.pid);
    if (stat && stat->state == 'Z' && see::threads_of(actor.pid).size() < 2) return true;
    if (!actor.subject) continue;
    const auto subject = see::stat_of(actor.subject), tracer = see::stat_of(actor.pid);
    if (subject && subject->state == 'Z') return true;  // the tracer will collect it
    // Collected: asleep now, the tracer waits for others that it traces, and will not end before them.
    if (!subject && tracer && tracer->state != 'S') return true;
  }
  return false;
}

std::vector<pid_t> Stage::program_pids() const {
  std::vector<pid_t> pids;
  for (const Actor& actor : actors_) {
    pids.push_back(actor.pid);
    if (actor.subject) pids.push_back(actor.subject);
  }
  return pids;
}

std::string Stage::held(pid_t pid) const {
  const auto at = held_.find(pid);
  return at == held_.end() ? "" : "held by this check " + at->second;
}

std::vector<pid_t> Stage::not_moving() const {
  std::vector<pid_t> all = ours_;
  for (const auto& [pid, where] : held_) all.push_back(pid);
  return all;
}

see::Story Stage::tell(const see::Family& family) const {
  see::Story story = see::tell(family, {self_, program_pids(), room_.last_inner_pid()});
  for (const auto& [pid, where] : held_) {
    const auto stat = see::stat_of(pid);
    const auto status = see::status_of(pid);
    if (stat && status && stat->state != 'Z')
      story.lines.push_back(fmt::format("{} {}   {}", base::escape(stat->name), status->inner_pid, held(pid)));
  }
  return story;
}

void Stage::clear() {
  for (const see::Process& p : family_and_held()) kill(p.pid(), SIGKILL);
  room::remove(room::aftermath(room_, {}, objects_before_).objects);
  actors_.clear();
}

// A number that is a process of this room: outside it would be a stranger.
bool Stage::is_a_pid_here(const std::string& word) const {
  if (word.empty() || word.find_first_not_of("0123456789") != std::string::npos) return false;
  for (const Actor& actor : actors_)
    if (const auto status = see::status_of(actor.pid); status && std::to_string(status->inner_pid) == word)
      return actor.name != actors_.front().name || &actor != &actors_.front();
  return false;
}

std::string Stage::by_hand(const Actor& actor) const {
  std::vector<std::string> words{by_hand_folder_ + "/" + actor.name};
  for (size_t i = 1; i < actor.argv.size(); ++i) {
    const bool gate = actor.argv[i] == "gate" && i + 1 < actor.argv.size();
    if (!gate) {
      const bool value = actor.argv[i - 1].starts_with("-");  // -n 3 is a number of something else
      words.push_back(!value && is_a_pid_here(actor.argv[i]) ? "PID" : actor.argv[i]);
      continue;
    }
    ++i;  // its name
    const bool then_a_command =
        i + 1 < actor.argv.size() && std::isalpha(static_cast<unsigned char>(actor.argv[i + 1][0]));
    if (!then_a_command) words.insert(words.end(), {"sleep", "60"});
  }
  std::string line;
  for (const auto& [file, making] : makes_by_hand_)
    if (std::find(actor.argv.begin(), actor.argv.end(), file) != actor.argv.end()) line += making + "; ";
  return line + base::shell_words(words);
}

std::string Stage::endings() const {
  std::vector<std::string> all;
  for (const Actor& actor : actors_) {
    if (!actor.ending) return {};
    all.push_back(actor.name + " " + describe(*actor.ending));
  }
  return base::join(all, ", ");
}

void Stage::note(std::string what) {
  if (events_.size() >= 2000) return;
  const std::chrono::duration<double, std::milli> since = std::chrono::steady_clock::now() - entered_;
  events_.push_back({since.count(), std::move(what)});
}

}  // namespace play
