#include "play/start/watched_handlers.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <set>
#include <sys/syscall.h>

#include "base/text.hpp"
#include "see/calls.hpp"
#include "see/mappings.hpp"

namespace play {
namespace {

constexpr std::uint32_t to_the_check = 0x69706373;  // inside/unsafe_calls.cpp
constexpr size_t longest_told = 96, most_told = 100;

bool is_in(pid_t pid, std::uint64_t address, const std::string& library) {
  const auto mapping = see::mapping_at(pid, address);
  return mapping && mapping->path == library;
}

pid_t process_of(pid_t tid) {
  const auto status = see::status_of(tid);
  return status ? status->process : tid;
}

}  // namespace

struct WatchedHandlers::Seen {
  std::string library;
  std::vector<std::string> lines;           ///< "printf SIGUSR1", as the library tells them
  std::map<pid_t, int> begun;               ///< how often it has begun there
  std::map<pid_t, std::set<int>> past_it;   ///< handlers that do not lie in it

  void hear(const room::Question& question) {
    const auto& args = question.call.args;
    if (question.call.number == SYS_prctl && static_cast<std::uint32_t>(args[0]) == to_the_check) {
      const std::string line = see::memory_of(question.tid, args[1], std::min<size_t>(args[2], longest_told));
      if (line == "here") ++begun[process_of(question.tid)];
      else if (lines.size() < most_told) lines.push_back(line);
    }
    if (question.call.number == SYS_rt_sigaction && args[1] != 0) {
      const std::string action = see::memory_of(question.tid, args[1], sizeof(std::uint64_t));
      std::uint64_t handler = 0;
      if (action.size() == sizeof handler) std::memcpy(&handler, action.data(), sizeof handler);
      const bool is_handler = handler > 1;  // neither SIG_DFL nor SIG_IGN
      if (is_handler && !is_in(question.tid, handler, library)) past_it[process_of(question.tid)].insert(static_cast<int>(args[0]));
    }
  }
};

WatchedHandlers::WatchedHandlers(Testbed& testbed, std::vector<int> signals)
    : signals_(std::move(signals)),
      library_for_them_(testbed.room().programs() + "/unsafe_calls.so"),
      seen_(std::make_shared<Seen>()) {
  library_ = seen_->library = testbed.room().outside(library_for_them_);
}

room::Order WatchedHandlers::order() const {
  room::Order order;
  order.environment = {"LD_PRELOAD=" + library_for_them_};
  using Argument = room::AskedCall::Argument;
  order.asks.push_back({SYS_prctl, Argument{0, to_the_check}});
  for (const int s : signals_) order.asks.push_back({SYS_rt_sigaction, Argument{0, static_cast<std::uint32_t>(s)}});
  order.holds = [seen = seen_](const std::shared_ptr<room::Questions>&, const room::Question& question) {
    try {
      seen->hear(question);
    } catch (const std::system_error&) {
      // Whoever asked has gone.
    }
    return false;
  };
  return order;
}

// Empty where the library sees all that it can see.
std::string WatchedHandlers::why_not_seen(const Program& program, std::vector<std::string>& lines) const {
  const int begun = seen_->begun[program.pid()];
  if (begun == 0) return "the library has never begun in it: it is linked statically, or was executed without it";
  if (begun > 1) return "it has executed itself again";
  const auto stat = see::stat_of(program.pid());
  if (stat && stat->state != 'Z' && stat->state != 'X') {
    const std::vector<see::Mapping> mapped = see::mappings_of(program.pid());
    if (std::none_of(mapped.begin(), mapped.end(), [&](const see::Mapping& m) { return m.path == library_; }))
      return "the library is not in its memory any more: it has executed another program, or unmapped it";
  }
  for (const int s : seen_->past_it[program.pid()]) lines.push_back("the handler of " + see::signal_name(s) + " was given to the kernel past the library, not by sigaction() or signal()");
  return lines.empty() ? "" : "it has a handler that the library does not see";
}

Verdict WatchedHandlers::call_only_safe_functions(const Program& program) const {
  Evidence e;
  for (const std::string& line : seen_->lines) {
    const auto words = base::split(line, ' ');
    if (words.size() != 2) continue;
    e.lines.push_back(base::escape(fmt::format("{}() was called inside the handler of {}", words[0], words[1])));
    if (e.actual.empty()) e.actual = "one of them calls " + base::escape(words[0]) + "()";
  }
  if (!e.lines.empty()) {
    e.expected = fmt::format("the signal handlers of {} call async-signal-safe functions only", program.name());
    e.diagnoses.emplace_back("signal/unsafe-call");
    return Verdict::no(std::move(e));
  }
  e.expected = fmt::format("this check sees, by a library that it loads before its own, what the signal handlers of {} call", program.name());
  e.actual = why_not_seen(program, e.lines);
  return e.actual.empty() ? Verdict::yes() : Verdict::no(std::move(e));
}

}  // namespace play
