// Observed's and Program's questions about a program that ought to be asleep: has it come to its sleep, does it go on
// sleeping, has a signal reached it, has it read what is there.

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

#include "play/verdict/failure.hpp"
#include "play/verdict/obstructed.hpp"
#include "play/subject/program.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

// A call of this process that only time or the check can end, in words. Empty where there is none.
std::string waits_by_the_clock(pid_t pid) {
  for (const see::Call& call : see::sleeping_calls(pid)) {
    if (call.number < 0) continue;
    if (!see::has_timeout(call) || see::name_of(call.number) == "restart_syscall") continue;
    const see::CallFacts* facts = see::facts_of(call.number);
    const bool counted = facts->timeout == see::CallFacts::Timeout::milliseconds;
    return counted ? fmt::format("{}() for {} ms", facts->name,
                                 static_cast<int>(call.args[static_cast<size_t>(facts->timeout_arg)]))
                   : fmt::format("{}() for a limited time", facts->name);
  }
  return {};
}

Verdict refuse(std::string expected, std::string actual, Evidence::Kind kind = Evidence::Kind::differs) {
  return Verdict::no(Evidence{.expected = std::move(expected), .actual = std::move(actual), .kind = kind});
}

}  // namespace

Verdict Observed::sleeps() const {
  const std::string expected = name() + " sleeps in the kernel until something happens";
  const std::uint64_t before = see::ticks_used(pid());
  std::string by_clock;
  bool hidden = false;
  const auto over = [&] { return !see::stat_of(pid()) || state_is('Z'); };
  const Waited waited = wait_until(*testbed_, [&] {
    by_clock = waits_by_the_clock(pid());
    hidden = state_is('S') && see::call_of(pid(), pid()).known == see::Call::Known::no;
    return hidden || !by_clock.empty() || over();
  });
  if (hidden)
    throw Obstructed(name() + " lets itself be looked at", "it hides what it does (PR_SET_DUMPABLE, prctl(2))");
  if (waited.outcome == Waited::Outcome::quiet) return Verdict::yes();
  if (waited && by_clock.empty()) return refuse(expected, "it has ended", Evidence::Kind::ended);
  if (waited) return refuse(expected, "it sleeps in " + by_clock);
  // Spent: it is called a busy loop only where the time was spent by the program itself.
  const double seconds =
      static_cast<double>(see::ticks_used(pid()) - before) / static_cast<double>(sysconf(_SC_CLK_TCK));
  Evidence e{.expected = expected, .actual = waited.why, .lines = testbed_->story_of(waited.family).lines, .kind = Evidence::Kind::spent};
  if (seconds > testbed_->budget().cpu / 2) e.diagnoses.emplace_back("process/busy-loop");
  return Verdict::no(std::move(e));
}

void Observed::settle() const {
  constexpr std::uint64_t busy_ticks = 3;
  const std::uint64_t before = see::ticks_used(pid());
  static_cast<void>(wait_until(*testbed_, [&] {
    const auto stat = see::stat_of(pid());
    const see::Call now = see::call_of(pid(), pid());
    return !stat || stat->state == 'Z' || (stat->state == 'S' && now.known != see::Call::Known::running) ||
           stat->cpu >= before + busy_ticks;
  }));
}

Verdict Observed::has_taken(int signal) const {
  const std::string expected =
      fmt::format("{} takes {}, which is pending for it", name(), see::signal_name(signal));
  return comes_true(expected, [&] {
    const auto stat = see::stat_of(pid());
    const auto status = see::status_of(pid());
    if (!stat || stat->state == 'Z') return true;  // what else is asked of it tells how it ended
    return !status || ((status->pending | status->shared_pending) >> (signal - 1) & 1) == 0;
  });
}

Verdict Program::has_read_its_input() const {
  return comes_true(name() + " reads the input that is there", [&] {
    int unread = 0;
    return started_->ending ||
           (started_->all_typed() && started_->input && ioctl(started_->input.get(), FIONREAD, &unread) == 0 && unread == 0);
  });
}

}  // namespace play
