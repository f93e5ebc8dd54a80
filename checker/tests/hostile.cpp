// Hostile programs in the room: each gets its right verdict in bounded time, and nothing of it is left afterwards.
#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "see/objects.hpp"
#include "see/proc.hpp"
#include "tests/in_room.hpp"

namespace {

struct Case {
  const char* name;
  const char* printed;   ///< all it prints, or a part of it
  const char* sentence;  ///< a part of what is said when it is expected to exit with 0; "": it holds
  bool clean;            ///< leaves nothing behind
};

// What a room of namespaces makes of them.
const Case cases[] = {
    {"fork-bomb", "", "it is still busy after", false},
    {"fork-bomb-in-sessions", "", "it is still busy after", false},
    {"rabbit", "", "", false},
    {"flood", "yyyy", "it prints without end", false},
    {"flood-of-errors", "", "it prints without end", false},
    {"long-line", "xxxx", "", true},
    {"escapes", "PASSED", "", true},
    {"closes-all", "", "it is stuck", false},
    {"daemon", "", "", false},
    {"ignores-all", "", "it is stuck", false},
    {"orphan-that-ends", "", "", false},
    {"kill-all", "alive", "", true},
    {"kill-group", "", "it was ended by SIGKILL", true},
    {"kill-parent", "", "it was ended by SIGKILL", true},
    {"kill-init", "tried", "", true},
    {"stops-itself", "", "it is stuck", false},
    {"fill-tmp", "stopped: ", "", true},
    {"fill-shm", "stopped: ", "", false},
    {"fill-inodes", "stopped", "", true},
    {"system-v-memory", "", "of memory", false},
    {"hog", "no more memory", "", true},
    {"twenty-hogs", "", "of memory", false},
    {"leaves-objects", "", "", false},
    {"writes-above-two", "nothing there", "", true},
    {"reads-elsewhere", "found nothing", "", true},
    {"traces", "traced nobody", "", true},
    {"rights", "won nothing", "", true},
    {"network", "no network", "", true},
    {"zombies", "", "", false},
    {"threads", "", "it is stuck", false},
    {"pipes", "stopped", "", true},
    {"signal-flood", "stopped", "", true},
    {"terminal", "refused", "", true},
    {"hides", "", "it ", false},
    {"deletes-folder", "still there", "", true},
    {"core", "", "it was ended by SIGABRT", true},
    {"spin", "", "it is still busy after", false},
    {"sleeps", "", "waits in nanosleep for a limited time", false},
};

bool any_process_named(const std::string& name) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = see::stat_of(static_cast<pid_t>(std::stol(pid)));
    if (stat && stat->name == name) return true;
  }
  return false;
}

// What hostile programs leave (programs/hostile.cpp): "/left", and System V objects without a key.
std::vector<see::IpcObject> such_objects() {
  std::vector<see::IpcObject> found = see::ipc_objects("/dev/shm", "/dev/mqueue");
  std::erase_if(found, [](const see::IpcObject& o) { return o.name != "/left" && o.name != "key 0x0"; });
  return found;
}

// Whether one of them stays on the machine. Another suite's programs may have such objects for a moment: a few hundred
// rooms later they have gone.
bool any_is_left(const std::vector<see::IpcObject>& before) {
  std::vector<see::IpcObject> left = such_objects();
  for (int i = 0; i < 300 && !left.empty(); ++i) {
    const std::vector<see::IpcObject> now = such_objects();
    std::erase_if(left, [&](const see::IpcObject& o) {
      return std::find(now.begin(), now.end(), o) == now.end() ||
             std::find(before.begin(), before.end(), o) != before.end();
    });
    if (!left.empty()) tests::in_room([](play::Testbed&) { return std::string(); });
  }
  return !left.empty();
}

}  // namespace

TEST_CASE("hostile programs get the right verdict, and nothing of them is left") {
  if (tests::rung() != room::Rung::namespaces) {
    MESSAGE("this room does not isolate: hostile programs are not run here");
    return;
  }
  const auto objects = such_objects();
  for (int i = 0; i < tests::repetitions(); i += 10)
    for (const Case& c : cases) {
      INFO(std::string(c.name));
      const std::string said = tests::in_room([&](play::Testbed& testbed) -> std::string {
        const bool fills_memory = std::string_view(c.sentence) == "of memory" || std::string_view(c.name) == "hog";
        const bool sleeps = std::string_view(c.name) == "sleeps" || std::string_view(c.name) == "hides";
        // Short, where the budget is what ends it: by CPU time for whoever spins, by the clock for whoever sleeps.
        // A machine that gets its own memory page by page needs 5 s of CPU time to fill 1 GiB.
        testbed.set_budget({fills_memory ? 40 : 0.4, sleeps ? 1.5 : 60});
        auto program = play::lab.start_program(tests::hostile_name(), c.name);
        const play::Verdict ends = program.exits_with(0);
        if (*c.printed && program.printed().find(c.printed) == std::string::npos)
          return "it printed " + program.printed().substr(0, 200);
        if (!*c.sentence && !ends.passed()) return ends.sentence();
        if (*c.sentence && ends.sentence().find(c.sentence) == std::string::npos) return ends.sentence();
        if (const play::Verdict left = program.leaves_nothing_behind(); c.clean != left.passed()) return left.sentence();
        return "right";
      });
      CHECK(said == "right");
      CHECK_FALSE(any_process_named(tests::hostile_name()));
    }
  CHECK_FALSE(any_is_left(objects));
}
