#include "play/leader.hpp"

#include <stdexcept>

namespace play {

Program start_below_leader(Stage& stage, const std::string& program, const std::vector<std::string>& words,
                           Stage::Tie tie, room::Order order) {
  std::vector<std::string> all;
  if (tie == Stage::Tie::streams) all.emplace_back("--adopts");
  all.push_back(stage.room().programs() + "/" + program);
  all.insert(all.end(), words.begin(), words.end());
  Actor& actor = stage.start("leader", all, tie, std::move(order));
  // Until the program has been executed, the leader's child is the leader itself.
  const auto executed = [&] {
    for (const pid_t child : see::children_of(actor.pid))
      if (const auto stat = see::stat_of(child); stat && stat->name == program.substr(0, 15)) actor.subject = child;
    return actor.subject != 0 || actor.ending;
  };
  if (!wait_until(stage, executed) || actor.subject == 0)
    throw std::runtime_error("the leader did not start " + program);
  // Not before: while it starts the program, it is what moves.
  stage.add_furniture(actor.pid);
  actor.name = program;
  actor.argv = {program};
  actor.argv.insert(actor.argv.end(), words.begin(), words.end());
  return {stage, actor};
}

}  // namespace play
