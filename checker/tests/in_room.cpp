#include "tests/in_room.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "course/lab.hpp"
#include "grade/worker/answer.hpp"
#include "grade/build/workshop.hpp"
#include "room/belongings.hpp"

namespace tests {

room::Rung rung() {
  static const room::Choice chosen = room::choose_rung();
  return chosen.rung;
}

std::string hostile_name() {
  static const std::string name = "bad" + std::to_string(getpid());  // in_room asks first, before it forks
  return name;
}

std::string in_room(const std::function<std::string(play::Testbed&)>& life) {
  static const std::vector<room::Installed> programs = [] {
    std::vector<room::Installed> all = grade::own_programs();
    for (const char* name : {"waiters", "hangs", "peers", "forgers", "passers", "hostile"})
      all.push_back({name, base::read_file(course::build_folder() + "/" + name)});
    all.back().name = hostile_name();
    if (const std::string fixed = course::build_folder() + "/forgers_static"; std::filesystem::exists(fixed))
      all.push_back({"forgers_static", base::read_file(fixed)});
    return all;
  }();
  const room::Rung on = rung();
  return grade::answer_of_a_worker(on, 120, [&](const std::string& scratch) {
    room::Room room(on, scratch, programs);
    play::Testbed testbed(room, ".");
    play::lab.open(testbed, {"peers"});
    std::string answer = life(testbed);
    testbed.clear();
    return answer;
  });
}

Spinner::Spinner() : pid_(base::must(fork(), "fork")) {
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (volatile bool forever = true; forever;) {}
}

Spinner::~Spinner() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

int repetitions() {
  const char* soak = std::getenv("SOAK");
  return soak && std::atoi(soak) > 0 ? std::atoi(soak) : 1;
}

}  // namespace tests
