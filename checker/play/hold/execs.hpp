// Which programs run between the student's own and a gate. A command that is started with fork and exec alone has nobody between: a
// shell, popen() or a tool that starts it is a program of its own, and is seen when it begins, also where it cleans up behind
// itself: whatever exec(2) has loaded calls set_tid_address(2), and fork(2) does not. Holds nobody; knows programs by their names and files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "play/hold/before_call.hpp"
#include "play/verdict/verdict.hpp"

namespace play {

class Execs {
 public:
  /// `program` is the name of the one that may run.
  Execs(Testbed& testbed, std::string program);
  /// The order that makes a program, and all below it, be seen. Used for one program.
  room::Order order(room::Order order = {}) const { return calls_.order(std::move(order)); }
  /// Nothing else has been loaded until now. Ask when a command has reached its gate.
  Verdict are_its_own() const;

 private:
  struct Another {
    std::string name, line;
  };
  std::string program_;
  std::shared_ptr<std::vector<Another>> others_ = std::make_shared<std::vector<Another>>();
  BeforeCall calls_;
};

}  // namespace play
