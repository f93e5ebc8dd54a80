#include "play/start/watched_handlers.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "room/reach.hpp"

namespace play {
namespace {
constexpr const char* report = "unsafe-calls";
}

room::Order with_watched_handlers(Testbed& testbed) {
  room::Order order;
  order.environment = {fmt::format("LD_PRELOAD={}/unsafe_calls.so", testbed.room().programs()),
                       fmt::format("UNSAFE_CALLS={}", report)};
  return order;
}

Verdict calls_only_safe_functions(const Program& program) {
  std::optional<std::string> text;
  try {
    text = room::Reach(".").read(report);
  } catch (const room::Planted& e) {
    return Verdict::no("what watches the handlers can write down what it sees, in the file " + std::string(report),
                       e.what());
  }
  if (!text) return Verdict::yes();
  Evidence e;
  e.expected = fmt::format("the signal handlers of {} call async-signal-safe functions only", program.name());
  for (const std::string& line : base::split(*text, '\n')) {
    const auto words = base::split(line, ' ');
    if (words.size() == 2)
      e.lines.push_back(base::escape(fmt::format("{}() was called inside the handler of {}", words[0], words[1])));
  }
  e.actual =
      fmt::format("one of them calls {}", base::escape(base::split(*text, ' ').front()) + "()");
  e.diagnoses.emplace_back("signal/unsafe-call");
  return Verdict::no(std::move(e));
}

}  // namespace play
