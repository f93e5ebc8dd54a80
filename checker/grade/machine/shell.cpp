#include "grade/machine/shell.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "grade/run/runner.hpp"
#include "grade/worker/scratch.hpp"
#include "grade/build/workshop.hpp"
#include "room/room.hpp"
#include "room/spawn.hpp"

namespace grade {
namespace {

std::vector<room::Installed> programs_for(const course::Lab& lab, const std::string& tree) {
  // Grading is what builds; its records are not wanted here.
  if (grade({tree, {lab}, "none"}).interrupted) throw std::runtime_error("interrupted");
  std::vector<room::Installed> programs = own_programs();
  for (const std::string& name : course::programs_of(lab)) {
    const std::string path = executables_of(tree) + "/" + lab.key() + "/" + name;
    if (!std::filesystem::exists(path))
      throw std::runtime_error(name + " could not be built: make grade LAB=" + lab.number() + " says why");
    programs.push_back({name, base::read_file(path)});
  }
  return programs;
}

}  // namespace

int shell_in_room(const course::Lab& lab, const std::string& tree) {
  const std::vector<room::Installed> programs = programs_for(lab, tree);
  std::vector<std::string> names;
  for (const room::Installed& p : programs) names.push_back(p.name);
  std::printf(
      "The room of %s. In reach: %s, and the system's gdb and strace. `exit` leaves it, and nothing of it stays.\n",
      lab.key().c_str(), base::join(names, ", ").c_str());
  std::fflush(stdout);

  const room::Choice choice = room::choose_rung();
  // Only where the room needs it: once this process is in a room with mounts of its own, it could not remove it any more.
  std::optional<Scratch> scratch;
  if (choice.rung == room::Rung::subreaper) scratch.emplace();
  room::Room room(choice.rung, scratch ? scratch->path() : "", programs);
  room::Order order;
  order.descriptors = {{0, 0}, {1, 1}, {2, 2}};
  order.path = "/bin/bash";
  order.argv = {"bash", "--norc"};
  order.environment = {"PS1=room$ "};
  order.limits.cpu_seconds = 3600;
  order.limits.address_space = 0;
  // On a terminal it gets one of the room's own, by script(1), which passes the keys on.
  if (isatty(0) && access("/usr/bin/script", X_OK) == 0) {
    order.path = "/usr/bin/script";
    order.argv = {"script", "-q", "-c", "exec bash --norc", "/dev/null"};
  }
  const room::Child shell = room::spawn(room, order);
  int status = 0;
  base::must(waitpid(shell.pid, &status, 0), "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace grade
