#include "play/object/futex_waits.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "play/object/futex_words.hpp"
#include "play/verdict/failure.hpp"
#include "see/calls.hpp"

namespace play {
namespace {

/// The calls that its threads sleep in; nothing where one of them runs.
std::optional<std::vector<see::Call>> sleeps_of(pid_t pid) {
  std::vector<see::Call> calls;
  for (const pid_t tid : see::threads_of(pid)) {
    const auto stat = see::stat_of(pid, tid);
    const see::Call call = see::call_of(pid, tid);
    if (!stat || stat->state != 'S' || call.known != see::Call::Known::yes) return std::nullopt;
    calls.push_back(call);
  }
  return calls;
}


// Not one of its threads runs, none waits on a word of the object, and a clock will wake one: the name of that call. (A
// thread that waits for another one does so in futex too.)
std::string naps_in(const SharedMemory& object, const Program& who) {
  const auto calls = sleeps_of(who.pid());
  if (!calls || object.word_waited_on(who)) return {};
  for (const see::Call& call : *calls)
    if (!sleeps_on_futex_words(call) && see::has_timeout(call)) return see::name_of(call.number);
  return {};
}

bool is_in(pid_t pid, const std::function<bool(const see::Call&)>& call) {
  const auto calls = see::sleeping_calls(pid);
  return std::any_of(calls.begin(), calls.end(), call);
}

// How often the thread of it that did so most has gone to sleep.
std::uint64_t sleeps_so_far(pid_t pid) {
  std::uint64_t most = 0;
  for (const pid_t tid : see::threads_of(pid))
    if (const auto status = see::status_of(pid, tid)) most = std::max(most, status->switches);
  return most;
}

}  // namespace

Verdict waits_on(Testbed& testbed, const SharedMemory& object, const Program& who) {
  const std::string expected =
      fmt::format("{} sleeps in futex on a word of {}, where another process can wake it", who.name(), object.name());
  const std::uint64_t before = see::ticks_used(who.pid());
  std::string nap;
  const Waited waited = wait_until(testbed, [&] {
    nap = naps_in(object, who);
    return !nap.empty() || who.has_ended() || object.word_waited_on(who);
  });
  if (!nap.empty())
    return Verdict::no(
               with_context(testbed, {expected, fmt::format("it sleeps in {} for a limited time", nap)}))
        .is_explained_by("memory/looks-by-a-clock");
  if (waited.outcome != Waited::Outcome::spent) return object.has_waiter(who);
  // Who only yields uses little of a CPU that others want: but at the end it runs still, and does not sleep.
  const see::Process* const last = see::find(waited.family, who.pid());
  const bool runs = last && std::any_of(last->threads.begin(), last->threads.end(), [](const see::Thread& t) { return t.state == 'R'; });
  const double seconds =
      static_cast<double>(see::ticks_used(who.pid()) - before) / static_cast<double>(sysconf(_SC_CLK_TCK));
  Verdict busy = Verdict::no(with_context(testbed, failed_wait(testbed, expected, waited)));
  return std::move(busy).is_explained_by("memory/busy-wait", runs || seconds > testbed.budget().cpu / 2);
}

bool is_about_to_sleep(pid_t tid, long number) {
  const see::Call call = see::call_of(tid, tid);
  return call.number == number && sleeps_on_futex_words(call);
}

bool sleeps_with_a_timeout(const Program& who) {
  return is_in(who.pid(), [](const see::Call& call) { return sleeps_on_futex_words(call) && see::has_timeout(call); });
}

Verdict seldom_looks_by_itself(Testbed& testbed, const Program& who) {
  using clock = std::chrono::steady_clock;
  constexpr std::uint64_t looks = 3;
  constexpr double shortest = 0.08;  // seconds; a tenth is allowed, and a load only makes it longer
  const std::uint64_t before = sleeps_so_far(who.pid());
  const auto start = clock::now();
  if (!wait_until(testbed, [&] { return who.has_ended() || sleeps_so_far(who.pid()) >= before + looks; }))
    return Verdict::yes();
  const double seconds = std::chrono::duration<double>(clock::now() - start).count();
  // The first of them may have been due at once.
  if (who.has_ended() || seconds >= shortest * (looks - 1)) return Verdict::yes();
  return Verdict::no(with_context(testbed, {who.name() + " sleeps until the other side wakes it", fmt::format("it looked by itself {} times in {:.0f} ms", looks, 1000 * seconds)}))
      .is_explained_by("memory/looks-by-a-clock");
}

Verdict unless_woken(Verdict verdict, const SharedMemory& object, const Observed& who) {
  if (!verdict.failed_by(Evidence::Kind::stuck) && !verdict.failed_by(Evidence::Kind::waits_for_check)) return verdict;
  if (!object.word_waited_on(who)) return verdict;
  std::string diagnosis, actual;
  for (const FutexWord& word : futex_words_of(who.pid())) {
    const auto mapping = see::mapping_at(who.pid(), word.address);
    std::uint32_t now = 0;
    const std::string bytes = see::memory_of(who.pid(), word.address, sizeof now);
    if (!mapping || bytes.size() != sizeof now) continue;
    std::memcpy(&now, bytes.data(), sizeof now);
    if (!mapping->shared) {
      diagnosis = "memory/private-copy";
      actual = "it sleeps on a word of its private copy, which nobody else can change";
    } else if (word.is_private) {
      diagnosis = "memory/private-futex";
      actual = "it sleeps with FUTEX_PRIVATE_FLAG: no other process can wake it";
    } else if (now != word.expected) {
      diagnosis = "memory/not-woken";
      // Both sides may be one program: the number says which of those in the story it is.
      actual = fmt::format("{} {} sleeps on a word of {} that has changed since, and nobody has woken it", who.name(),
                           who.inside(), object.name());
    }
    if (!diagnosis.empty()) break;
  }
  if (diagnosis.empty()) return verdict;
  Evidence e = verdict.evidence();
  e.kind = Evidence::Kind::stuck;
  e.diagnoses = {diagnosis};
  e.actual = actual;
  return Verdict::no(std::move(e));
}

void wake_and_settle(Testbed& testbed, const SharedMemory& object, const Program& who) {
  bool woken = false;
  std::uint64_t before = 0;
  const std::string printed = who.unread();
  static_cast<void>(wait_until(testbed, [&] {
    if (who.has_ended() || who.unread() != printed) return true;
    const auto word = object.word_waited_on(who);
    if (!woken) {
      before = sleeps_so_far(who.pid());
      woken = word && object.wake_for_nothing(*word) > 0;  // 0: its own clock was faster
      return false;
    }
    const bool reads = is_in(who.pid(), [](const see::Call& call) { return call.number == SYS_read; });
    return sleeps_so_far(who.pid()) > before && (word || reads);
  }));
}

Verdict looks_again(Testbed& testbed, const SharedMemory& object, const Program& who) {
  const std::string expected =
      fmt::format("{}, woken for nothing, goes back to sleep on a word of {}", who.name(), object.name());
  const std::string printed = who.unread();
  wake_and_settle(testbed, object, who);
  std::string instead;
  if (who.has_ended()) instead = "it ends";
  else if (who.unread() != printed) instead = "it prints something that nobody has put there";
  else if (is_in(who.pid(), [](const see::Call& call) { return call.number == SYS_read && call.args[0] == 0; }))
    instead = "it goes on, and reads its input";
  if (instead.empty()) return object.has_waiter(who);
  return Verdict::no(with_context(testbed, {expected, instead})).is_explained_by("memory/woken-for-nothing");
}

}  // namespace play
