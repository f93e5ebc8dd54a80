#include "play/start/session_leader.hpp"

#include <stdexcept>

namespace play {

Program start_below_session_leader(Testbed& testbed, const std::string& program, const std::vector<std::string>& words,
                           Testbed::Tie tie, room::Order order) {
  std::vector<std::string> all;
  if (tie == Testbed::Tie::streams) all.emplace_back("--adopts");
  all.push_back(testbed.room().programs() + "/" + program);
  all.insert(all.end(), words.begin(), words.end());
  Started& started = testbed.start("session_leader", all, tie, std::move(order));
  // Until the program has been executed, the leader's child is the leader itself.
  const auto executed = [&] {
    for (const pid_t child : see::children_of(started.pid))
      if (const auto stat = see::stat_of(child); stat && stat->name == program.substr(0, 15)) started.subject = child;
    return started.subject != 0 || started.ending;
  };
  if (!wait_until(testbed, executed) || started.subject == 0)
    throw std::runtime_error("the leader did not start " + program);
  // Not before: while it starts the program, it is what moves.
  testbed.add_helper(started.pid);
  started.name = program;
  started.argv = {program};
  started.argv.insert(started.argv.end(), words.begin(), words.end());
  return {testbed, started};
}

}  // namespace play
