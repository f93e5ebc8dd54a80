// What is said of programs that sleep on a word of shared memory: not woken, woken for nothing; and that a name of theirs
// stays the same and is nobody else's.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "play/testbed/names.hpp"
#include "play/object/futex_waits.hpp"
#include "tests/in_room.hpp"

namespace {

// Runs a program that sleeps until the word at byte 8 of a page is not 0, and gives what `look` finds.
using Look = std::function<std::string(play::Testbed&, play::SharedMemory&, play::Program&)>;
std::string beside_a_waiter(const Look& look) {
  return tests::in_room([&](play::Testbed& testbed) {
    const std::string name = play::name_for(testbed, "/page");
    const base::Fd fd(base::must(shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "shm_open"));
    base::must(ftruncate(fd.get(), 4096), "ftruncate");
    play::SharedMemory object(testbed, name);
    object.map();
    auto program = play::lab.start("memory " + name + " shared");
    if (!program.prints("ready\n").passed()) return std::string("it is not ready");
    if (!play::waits_on(testbed, object, program).passed()) return std::string("it does not wait");
    return look(testbed, object, program);
  });
}

std::string diagnosis_of(const play::Verdict& verdict) {
  return verdict.evidence().diagnoses.empty() ? "none" : verdict.evidence().diagnoses[0];
}

}  // namespace

TEST_CASE("a program that was woken for nothing and does something is named") {
  CHECK(beside_a_waiter([](play::Testbed& testbed, play::SharedMemory& object, play::Program& program) {
          return diagnosis_of(play::looks_again(testbed, object, program));
        }) == "memory/woken-for-nothing");
}

TEST_CASE("a word that has changed, and whose waiter nobody has woken, is named; one that has not is no cause") {
  for (const bool changed : {true, false})
    CHECK(beside_a_waiter([&](play::Testbed&, play::SharedMemory& object, play::Program& program) {
            if (changed) object.change(8, 1);
            return diagnosis_of(play::unless_woken(program.exits_with(0), object, program));
          }) == (changed ? "memory/not-woken" : "none"));
}

TEST_CASE("a sleep without a time-out is no look by itself") {
  CHECK(beside_a_waiter([](play::Testbed& testbed, play::SharedMemory&, play::Program& program) {
          if (play::sleeps_with_a_timeout(program)) return std::string("it has a time-out");
          return play::seldom_looks_by_itself(testbed, program).passed() ? std::string("asleep") : std::string("looks");
        }) == "asleep");
}

TEST_CASE("a name is the same each time, and two are two") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          const std::string a = play::name_for(testbed, "/a");
          if (a != play::name_for(testbed, "/a")) return std::string("it changes");
          return a == play::name_for(testbed, "/b") ? std::string("one for both") : std::string("good");
        }) == "good");
}
