#include "play/start/inherit.hpp"

#include "base/fd.hpp"

namespace play {

room::Order inheriting(std::function<void()> prepare, room::Order order) {
  order.prepare = [before = std::move(order.prepare), then = std::move(prepare)] {
    if (before) before();
    then();
  };
  return order;
}

void ignore_signals(const std::vector<int>& signals) {
  for (const int signal : signals) std::signal(signal, SIG_IGN);
}

void block_signals(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  base::must(sigprocmask(SIG_BLOCK, &set, nullptr), "sigprocmask");
}

}  // namespace play
