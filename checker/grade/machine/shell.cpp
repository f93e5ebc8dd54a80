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
#include "grade/build/executables.hpp"
#include "grade/build/workshop.hpp"
#include "grade/run/keep.hpp"
#include "grade/run/pace.hpp"
#include "grade/run/runner.hpp"
#include "grade/worker/answer.hpp"
#include "grade/worker/scratch.hpp"
#include "room/reach.hpp"
#include "room/room.hpp"
#include "room/spawn.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

// Built by a grading: of one check where its files are wanted, of none otherwise.
void build(const Visit& visit) {
  Plan plan{visit.tree, {visit.lab}, visit.check.empty() ? "none" : visit.check};
  plan.keep = true;
  plan.seed = seed_asked_for();
  if (grade(plan).interrupted) throw std::runtime_error("interrupted");
}

std::string built_for_a_debugger(const Source& source) {
  if (const auto built = built_before(source)) return built->executable;
  const room::Rung rung = room::choose_rung().rung;
  const Built built = built_in(answer_of_a_worker(rung, longest_compilation, [&](const std::string& scratch) {
    return compile(source, rung, scratch, patience_asked_for() * pace_of_this_machine());
  }));
  keep(source, built);
  return built.executable;
}

std::vector<room::Installed> programs_for(const Visit& visit) {
  const std::string folder = executables_of(visit.tree) + "/" + visit.lab.key() + "/";
  std::vector<room::Installed> programs = own_programs();
  const auto files = read_files(visit.tree, visit.lab);
  for (const std::string& name : course::programs_of(visit.lab)) {
    if (!fs::exists(folder + name)) throw std::runtime_error(name + " could not be built: make grade LAB=" + visit.lab.number() + " says why");
    programs.push_back({name, visit.debug ? built_for_a_debugger(debugged(source_of(name, files, folder + name))) : base::read_file(folder + name)});
  }
  return programs;
}

// What lies in the shell's folder: the check's files, and the sources, where gdb looks for them.
Files files_for(const Visit& visit) {
  Files files = *read_files(visit.tree, visit.lab);
  std::error_code none;
  if (!visit.check.empty())
    for (const auto& entry : fs::directory_iterator(given_folder(visit.lab.key(), visit.check), none))
      files.emplace_back(entry.path().filename().string(), base::read_file(entry.path().string()));
  return files;
}

}  // namespace

int shell_in_room(const Visit& visit) {
  build(visit);
  const std::vector<room::Installed> programs = programs_for(visit);
  const Files files = files_for(visit);
  std::vector<std::string> names, here;
  for (const room::Installed& p : programs) names.push_back(p.name);
  for (const auto& [name, text] : files) here.push_back(name);
  std::printf("The room of %s. In reach: %s, and the system's gdb and strace. Here: %s. `exit` leaves it, and nothing of it stays.\n",
              visit.lab.key().c_str(), base::join(names, ", ").c_str(), base::printable(base::join(here, ", ")).c_str());
  std::fflush(stdout);

  const room::Choice choice = room::choose_rung();
  // Only where the room needs it: once this process is in a room with mounts of its own, it could not remove it any more.
  std::optional<Scratch> scratch;
  if (choice.rung == room::Rung::subreaper) scratch.emplace();
  room::Room room(choice.rung, scratch ? scratch->path() : "", programs);
  const room::Reach folder(".");
  for (const auto& [name, text] : files) folder.put(name, text, 0644);
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
