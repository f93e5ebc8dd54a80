// The room with everyone in it, from the check's side: the programs it started, and a look at them all.
// Starts and pumps; never waits (that is wait's), never judges.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "play/testbed/by_hand.hpp"
#include "play/testbed/started.hpp"
#include "play/testbed/budget.hpp"
#include "room/room.hpp"
#include "room/spawn.hpp"
#include "see/motion/motion.hpp"
#include "see/objects.hpp"
#include "see/story/stopped.hpp"
#include "see/story/story.hpp"

namespace play {

/// What the check did and saw, with the time since the room was entered.
struct Event {
  double ms;
  std::string what;
  bool done_by_check;  ///< an act of the check, not something it saw
};

class Testbed {
 public:
  /// `folder`: where a person finds the programs.
  Testbed(room::Room& room, std::string folder, Budget budget = {});

  /// What each wait may use. A check that spins or sleeps on purpose sets its own.
  const Budget& budget() const { return budget_; }
  void set_budget(Budget budget) { budget_ = budget; }

  /// How a program's three standard descriptors are tied to the check.
  enum class Tie { streams, terminal };
  /// A program that was copied into the room.
  Started& start(const std::string& program, const std::vector<std::string>& words, Tie tie, room::Order order = {});
  /// A program of the system, by its path.
  Started& start_path(const std::string& path, const std::vector<std::string>& words, Tie tie, room::Order order = {});

  /// Pumps every program once. True when anything moved.
  bool pump();
  /// Lets whoever has asked about a call make it, unless it is to be held, and notes what the call does. Part of pump(), and
  /// of each act that sends a signal, which would interrupt the call.
  bool answer_questions();
  /// Lets what was typed on terminals come through, so that a look at the programs is not too early.
  void flush_terminals() const;
  std::vector<pollfd> polls() const;

  /// Who can move by itself; and with those that are held.
  see::Family family() const { return see::family_of(self_, not_moving()); }
  see::Family family_and_held() const { return see::family_of(self_, ours_); }
  /// see/motion/motion.hpp, at those who can move.
  see::Movement look_twice(see::Family& seen);
  see::Movement look_again(see::Family& seen);
  /// Whether each program that was started is seen to set its interval timers, which the kernel shows to nobody.
  bool sees_interval_timers() const;
  see::Story story_of(const see::Family& family) const;
  /// Whether somebody waits for a child that has stopped, and has not asked to hear of stops.
  bool anyone_waits_for_a_stopped_child() const { return see::waits_for_a_stopped_child(family()); }

  room::Room& room() { return room_; }
  const room::Room& room() const { return room_; }
  const std::vector<see::IpcObject>& objects_before() const { return objects_before_; }
  /// Every process that a look has met below the check.
  const std::set<pid_t>& met() const { return met_; }
  /// A process of ours that programs live beside or below: its own waiting is no motion, and no story.
  void add_helper(pid_t pid) { ours_.push_back(pid); }
  /// A program that is traced has ended, and the tracer, which is no motion otherwise, has still to pass that on.
  bool ending_is_under_way() const;
  void remove_helper(pid_t pid) { std::erase(ours_, pid); }
  /// A program's process that the check itself holds: no motion meanwhile, but whoever tells of it says so. `where`:
  /// "before setpgid()".
  void hold(pid_t pid, std::string where) { held_[pid] = std::move(where); }
  void let_go(pid_t pid) { held_.erase(pid); }
  /// "held by this check before setpgid()"; empty when it is not.
  std::string held(pid_t pid) const;
  /// Something else to serve whenever the programs are pumped; it says whether anything moved. `waits_for` adds what poll(2)
  /// should wait for meanwhile.
  using AddsPolls = std::function<void(std::vector<pollfd>&)>;
  void on_pump(std::function<bool()> serve, AddsPolls waits_for = {}) { on_pump_.emplace_back(std::move(serve), std::move(waits_for)); }
  std::vector<pid_t> program_pids() const;
  /// That process executes the file of this name that was copied into the room, whatever it calls itself (/proc/PID/exe). Nothing
  /// where that cannot be seen.
  std::optional<bool> executes(pid_t pid, const std::string& program) const;
  const std::deque<Started>& all_started() const { return all_started_; }

  /// Ends every program, removes the IPC objects they left, and lets go of them.
  void clear();

  /// The line that does in a shell what the check has done so far. Empty where a shell cannot.
  std::string by_hand() const;
  /// Name and text of the files that the check had put there before it started the first program.
  const std::vector<std::pair<std::string, std::string>>& files_at_the_start() const { return files_at_the_start_; }

  /// When every program has ended: how, for a person. Empty while one lives.
  std::string endings() const;

  /// Seconds since the room was entered, by a clock that nobody can set.
  double seconds() const;
  /// Writes down what the check saw, or did.
  void note(std::string what, bool done_by_check = false);
  /// The check has done what no shell does, or is about to.
  void not_by_hand() { by_hand_.something_else(); }
  void note_act(std::string what) {
    not_by_hand();
    note(std::move(what), true);
  }
  // Acts that a shell can do too.
  void note_file(const std::string& name, const std::string& text);
  void type(Started& started, const std::string& text);
  void close_input(Started& started);
  const std::vector<Event>& events() const { return events_; }

 private:
  bool answer_next(Started& started);
  bool any_pid_in_words() const;
  size_t number_of(const Started& started) const;
  std::vector<pid_t> not_moving() const;
  see::Movement noted(const see::Family& seen, see::Movement movement);

  room::Room& room_;
  std::vector<std::pair<std::string, std::string>> files_at_the_start_;
  ByHand by_hand_;
  pid_t self_;
  Budget budget_;
  std::vector<pid_t> ours_;
  std::set<pid_t> met_;
  std::map<pid_t, std::string> held_;
  see::IntervalTimers interval_timers_;
  std::vector<std::pair<std::function<bool()>, AddsPolls>> on_pump_;
  std::deque<Started> all_started_;  // a deque: references stay valid
  std::vector<see::IpcObject> objects_before_;
  std::chrono::steady_clock::time_point entered_;
  std::vector<Event> events_;
};

}  // namespace play
