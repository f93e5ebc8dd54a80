#include "play/testbed/wait.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"
#include "play/testbed/progress.hpp"
#include "see/memory.hpp"

namespace play {
namespace {

using std::chrono::steady_clock;

constexpr int agreements_needed = 3;  // one is not enough: a terminal hands data over in a kernel worker
constexpr int longest_beat = 20;      // milliseconds
constexpr double most_excused = 4;    // of the budget, for what was waited for a CPU, and for looking
constexpr double share_for_clocks = 0.1;  // of a budget, where it only matters that others have come to rest
constexpr double times_for_progress = 4;  // budgets for who still gets on: a slow machine is no wrong program
constexpr size_t most_output = size_t{64} << 20;

double cpu_seconds(const see::Family& family) {
  std::uint64_t ticks = 0;
  for (const see::Process& p : family) ticks += p.stat.cpu + p.stat.children_cpu;
  return static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double seconds_without_cpu(const see::Family& family) {
  std::uint64_t longest = 0;
  for (const see::Process& p : family) longest = std::max(longest, see::waited_for_cpu(p.pid()));
  // The check's own time without a CPU counts too: meanwhile nobody took a program's output.
  return static_cast<double>(longest + see::waited_for_cpu(getpid())) / 1e9;
}

// What nobody can be blamed for: that, and what the check itself has used, for a look at many processes takes its time.
double excused_so_far(const see::Family& family) {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return seconds_without_cpu(family) + static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

size_t printed_by(const Testbed& testbed) {
  size_t bytes = 0;
  for (const Started& started : testbed.all_started()) bytes += started.out.bytes + started.err.bytes;
  return bytes;
}

/// What one wait may use, measured from its start.
class Meter {
 public:
  explicit Meter(const Testbed& testbed) : testbed_(testbed) {}

  /// The first look: what had been used by then is not this wait's. Most waits are over before one is needed.
  void begin(const see::Family& family) {
    if (std::exchange(begun_, true)) return;
    cpu_ = cpu_seconds(family);
    excused_ = excused_so_far(family);
  }

  /// Empty unless there is more of something than any right program may have.
  std::string too_much(const see::Family& family) const {
    for (const Started& started : testbed_.all_started())
      if (started.out.bytes + started.err.bytes > most_output)
        return fmt::format("it prints without end ({} MiB so far)", (started.out.bytes + started.err.bytes) >> 20);
    const std::uint64_t memory = see::memory_used_by(family, testbed_.objects_before());
    if (memory > room::Limits{}.room_memory) return fmt::format("its processes use {} MiB of memory", memory >> 20);
    return {};
  }

  /// Nothing moves, or not for longer than anybody naps.
  bool outlasts_this(const see::Movement& movement) const {
    const auto end = start_ + std::chrono::duration<double>(testbed_.budget().nap);
    return movement.kind == see::Motion::quiet || (movement.kind == see::Motion::clock && movement.not_before > end);
  }

  /// Empty while there is time left of so many budgets; otherwise what was used up.
  std::string out_of_time(const see::Family& family, const see::Movement& movement, double budgets = 1) const {
    const double cpu = cpu_seconds(family) - cpu_;
    if (cpu > budgets * testbed_.budget().cpu) return fmt::format("it is still busy after {:.1f} s of CPU time", cpu);
    const double wall = std::chrono::duration<double>(steady_clock::now() - start_).count();
    if (wall - cpu <= budgets * testbed_.budget().wall) return {};
    // Bounded: a program can see to it that one of its processes waits for a CPU for ever.
    const double excused = std::clamp(excused_so_far(family) - excused_, 0.0, most_excused * testbed_.budget().wall);
    if (wall - cpu - excused > budgets * testbed_.budget().wall)
      return fmt::format("it has not ended its wait after {:.0f} s: {}", wall, base::escape(movement.why));
    return {};
  }

 private:
  const Testbed& testbed_;
  steady_clock::time_point start_ = steady_clock::now();
  bool begun_ = false;
  double cpu_ = 0, excused_ = 0;
};

Waited wait(Testbed& testbed, const std::function<bool()>& condition, double budgets_for_clocks) {
  Meter meter(testbed);
  Progress progress;
  see::Family family;
  int agreements = 0, beat = 1;
  for (;;) {
    if (testbed.budget().late > 0) poll(nullptr, 0, testbed.budget().late);
    // Input, output and ends first: any byte starts the argument again.
    const bool moved = testbed.pump();
    if (condition()) return {Waited::Outcome::satisfied, {}, {}, {}};
    if (moved) {
      agreements = 0;
      beat = 1;
    }
    testbed.flush_terminals();
    // Each look at a family that was still is compared with the one before: who slept at both has slept between them.
    const see::Movement movement = agreements == 0 ? testbed.look_twice(family) : testbed.look_again(family);
    meter.begin(family);
    const bool still = meter.outlasts_this(movement) && !testbed.ending_is_under_way();
    agreements = !moved && still ? agreements + 1 : 0;
    if (agreements >= agreements_needed) {
      if (testbed.pump()) {
        agreements = 0;
        continue;
      }
      // What the condition looks at in /proc may have come true with the last step before the silence.
      if (condition()) return {Waited::Outcome::satisfied, {}, {}, {}};
      testbed.note("quiet: nothing can move until this check acts");
      return {Waited::Outcome::quiet, std::move(family), movement.why, {}};
    }
    progress.look(family, printed_by(testbed));
    std::string why = meter.too_much(family), news;
    if (why.empty()) {
      const double budgets = movement.kind == see::Motion::clock ? budgets_for_clocks : 1;
      why = meter.out_of_time(family, movement, budgets);
      if (!why.empty() && budgets >= 1) news = progress.lately();
      if (!news.empty()) why = meter.out_of_time(family, movement, times_for_progress);
    }
    if (!why.empty()) {
      if (!news.empty()) why += ", and still gets on: " + news;
      testbed.note(why);
      return {Waited::Outcome::spent, std::move(family), std::move(why), std::move(news)};
    }
    std::vector<pollfd> polls = testbed.polls();
    poll(polls.data(), polls.size(), beat);
    beat = std::min(2 * beat, longest_beat);
  }
}

}  // namespace

Waited wait_until(Testbed& testbed, const std::function<bool()>& condition) { return wait(testbed, condition, 1); }

Waited wait_until_rest(Testbed& testbed, const std::function<bool()>& condition) { return wait(testbed, condition, share_for_clocks); }

void let_all_come_to_rest(Testbed& testbed) {
  static_cast<void>(wait_until_rest(testbed, [] { return false; }));
}

}  // namespace play
