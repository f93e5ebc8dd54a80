// What is said of programs that sleep on a word of shared memory: not woken, woken for nothing; and that a name of theirs
// stays the same and is nobody else's.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "play/names.hpp"
#include "play/sleepers.hpp"
#include "tests/in_room.hpp"

namespace {

// Runs a program that sleeps until the word at byte 8 of a page is not 0, and gives what `look` finds.
using Look = std::function<std::string(play::Stage&, play::SharedMemory&, play::Program&)>;
std::string beside_a_sleeper(const Look& look) {
  return tests::in_room([&](play::Stage& stage) {
    const std::string name = play::name_for(stage, "/page");
    const base::Fd fd(base::must(shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "shm_open"));
    base::must(ftruncate(fd.get(), 4096), "ftruncate");
    play::SharedMemory object(stage, name);
    object.hold();
    auto program = play::lab.start("memory " + name + " shared");
    if (!program.prints("ready\n").holds()) return std::string("it is not ready");
    if (!play::waits_on(stage, object, program).holds()) return std::string("it does not wait");
    return look(stage, object, program);
  });
}

std::string diagnosis_of(const play::Verdict& verdict) {
  return verdict.evidence().diagnoses.empty() ? "none" : verdict.evidence().diagnoses[0];
}

}  // namespace

TEST_CASE("a program that was woken for nothing and does something is told") {
  CHECK(beside_a_sleeper([](play::Stage& stage, play::SharedMemory& object, play::Program& program) {
          return diagnosis_of(play::looks_again(stage, object, program));
        }) == "memory/woken-for-nothing");
}

TEST_CASE("a word that has changed, and whose sleeper nobody has woken, is told; one that has not is no cause") {
  for (const bool changed : {true, false})
    CHECK(beside_a_sleeper([&](play::Stage&, play::SharedMemory& object, play::Program& program) {
            if (changed) object.change(8, 1);
            return diagnosis_of(play::unless_woken(program.exits_with(0), object, program));
          }) == (changed ? "memory/not-woken" : "none"));
}

TEST_CASE("a sleep without a time-out is no look by itself") {
  CHECK(beside_a_sleeper([](play::Stage& stage, play::SharedMemory&, play::Program& program) {
          if (play::sleeps_with_a_timeout(program)) return std::string("it has a time-out");
          return play::seldom_looks_by_itself(stage, program).holds() ? std::string("asleep") : std::string("looks");
        }) == "asleep");
}

TEST_CASE("a name is the same each time, and two are two") {
  CHECK(tests::in_room([](play::Stage& stage) {
          const std::string a = play::name_for(stage, "/a");
          if (a != play::name_for(stage, "/a")) return std::string("it changes");
          return a == play::name_for(stage, "/b") ? std::string("one for both") : std::string("good");
        }) == "good");
}
