#include "grade/prove/pasted.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <vector>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/build/workshop.hpp"
#include "grade/run/pace.hpp"
#include "grade/worker/answer.hpp"
#include "play/testbed/testbed.hpp"
#include "play/testbed/wait.hpp"
#include "room/rung.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

constexpr double longest = 60;  // seconds; the budget below is far shorter

std::vector<room::Installed> programs_in(const course::Lab& lab, const std::string& folder) {
  std::vector<room::Installed> programs = own_programs();
  for (const std::string& name : course::programs_of(lab)) programs.push_back({name, base::read_file(folder + "/" + name)});
  return programs;
}

// In a room: the programs lie where the line looks for them.
std::string outcome(play::Testbed& testbed, const std::vector<room::Installed>& programs, const std::string& place, const std::string& line) {
  fs::create_directories(place);
  for (const auto& program : programs) fs::create_symlink(testbed.room().programs() + "/" + program.name, place + "/" + program.name);
  play::Started& shell = testbed.start_path("/bin/sh", {"-c", line}, play::Testbed::Tie::streams);
  const play::Waited waited = play::wait_until(testbed, [&] { return shell.ending.has_value(); });
  std::string text = shell.ending ? play::describe(*shell.ending) : waited.outcome == play::Waited::Outcome::spent ? "goes on" : "waits";
  text += "\n" + shell.out.text + "\n" + shell.err.text;
  std::vector<std::string> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("build/try", none))
    files.push_back(entry.path().filename().string() + (entry.is_regular_file() && !entry.is_symlink() ? ": " + base::read_file(entry.path()) : ""));
  std::sort(files.begin(), files.end());
  return text + "\n" + base::join(files, "\n");
}

std::string pasted(const std::vector<room::Installed>& programs, const std::string& place, const std::string& line) {
  const room::Rung rung = room::choose_rung().rung;
  const play::Budget budget = play::Budget{0.5, 5}.on_a_slower_machine(pace_of_this_machine());
  return answer_of_a_worker(rung, longest, [&](const std::string& scratch) {
    room::Room room(rung, scratch, programs);
    play::Testbed testbed(room, place, budget);
    std::string text = outcome(testbed, programs, place, line);
    testbed.clear();
    return text;
  });
}

// Process numbers and times differ from run to run.
std::string without_numbers(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isdigit(c); });
  return text;
}

}  // namespace

bool shows_a_difference(const course::Lab& lab, const std::string& tree, const std::string& line) {
  const std::string folder = executables_of(tree) + "/" + lab.key();
  const std::string place = fs::relative(folder).string();
  if (place.starts_with("..") || fs::path(place).is_absolute()) return true;  // a room has nothing above its folder
  const auto theirs = programs_in(lab, folder);
  const auto right = programs_in(lab, executables_of(course::course_folder() + "/solutions") + "/" + lab.key());
  const std::string wrong = pasted(theirs, place, line), first = pasted(right, place, line);
  if (wrong == first) return false;
  return without_numbers(wrong) != without_numbers(first) || first == pasted(right, place, line);
}

}  // namespace grade
