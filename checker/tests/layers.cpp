// The house keeps its shape: includes point down, only one place waits, and the layers stand where they should.
#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<std::string> sources(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(course::course_folder() + "/" + folder))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") paths.push_back(entry.path());
  return paths;
}

std::string under(const std::string& path, const std::string& folder) {
  return fs::relative(path, course::course_folder() + "/" + folder).string();
}

// Matches of a pattern outside of comments, as "file: line".
std::vector<std::string> found(const std::string& folder, const std::string& pattern,
                               const std::string& except = "^$") {
  std::vector<std::string> hits;
  const std::regex wanted(pattern), spared(except);
  for (const std::string& path : sources(folder)) {
    if (std::regex_search(under(path, folder), spared)) continue;
    for (const std::string& line : base::split(base::read_file(path), '\n'))
      if (std::regex_search(line.substr(0, line.find("//")), wanted)) hits.push_back(under(path, folder) + ": " + line);
  }
  return hits;
}

// Every room of the checker and the rooms below it that it may use, itself aside.
const std::map<std::string, std::set<std::string>> rooms{
    {"base", {}},
    {"see", {"base"}},
    {"see/motion", {"base", "see"}},
    {"see/story", {"base", "see"}},
    {"room/walls", {"base", "see"}},
    {"room", {"base", "see", "room/walls"}},
    {"inside", {}},
    {"play/testbed", {"base", "see", "see/motion", "see/story", "room", "room/walls"}},
    {"play/verdict", {"base", "see", "room", "play/testbed"}},
    {"play/subject", {"base", "see", "room", "play/testbed", "play/verdict"}},
    {"play/object", {"base", "see", "room", "play/testbed", "play/verdict", "play/subject"}},
    {"play/start", {"base", "see", "room", "play/testbed", "play/verdict", "play/subject"}},
    {"play/hold", {"base", "see", "room", "room/walls", "play/testbed", "play/verdict", "play/subject", "play/start"}},
    // `lab`, which puts them together.
    {"play", {"base", "see", "room", "play/testbed", "play/verdict", "play/subject", "play/object", "play/start", "play/hold"}},
    {"check", {"base", "see", "room", "play/testbed", "play/verdict", "play/subject", "play/object", "play/start", "play/hold", "play"}},
    {"checks", {"check"}},
    {"course", {"base"}},
    {"results", {"base"}},
    {"grade/build", {"base", "room", "play/testbed", "play/start", "course"}},
    {"grade/worker", {"base", "see", "room"}},
    {"grade/run", {"grade/worker", "base", "see", "room", "play/testbed", "check", "course", "results", "grade/build"}},
    {"grade/prove", {"grade/worker", "base", "room", "play/testbed", "course", "results", "grade/build", "grade/run"}},
    {"grade/machine", {"grade/worker", "base", "room", "play/testbed", "play/start", "course", "grade/build", "grade/run"}},
    {"class", {"base", "course", "results", "grade/worker"}},
    {"study", {"base", "course", "results"}},
    {"tell", {"base", "room", "course", "results"}},
    {"tell/formats", {"base", "course", "results", "tell"}},
    {"tell/gradebook", {"base", "course", "results", "tell"}},
    {"verbs", {"base", "course", "results", "grade/build", "grade/run", "grade/worker", "grade/prove", "grade/machine", "class", "study", "room", "tell",
               "tell/formats", "tell/gradebook"}},
    {"main", {"verbs"}}};

// "play/subject" of "play/subject/program.hpp"; "check" of "check.hpp".
std::string room_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path();
  if (folder.empty()) return fs::path(path).stem();
  return folder.starts_with("checks/") ? "checks" : folder;
}

}  // namespace

TEST_CASE("a room includes only what is below it") {
  const std::regex include("#include \"([a-z0-9_/-]+)[.]hpp\"");
  for (const std::string& path : sources("checker")) {
    const std::string name = under(path, "checker"), room = room_of(name);
    if (room.starts_with("tests") || room.starts_with("faults") || room.starts_with("variants")) continue;
    INFO(name);
    REQUIRE(rooms.count(room) == 1);
    for (const std::string& line : base::split(base::read_file(path), '\n')) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string file = match[1];
      // Words of one's own lab stand beside the check file.
      if (room == "checks" && fs::exists(fs::path(path).parent_path() / (file + ".hpp"))) continue;
      INFO(line);
      CHECK((room_of(file) == room || rooms.at(room).count(room_of(file)) == 1));
    }
  }
}

TEST_CASE("a check speaks in words, and never asks what is below them") {
  const auto below = found("checker/checks", R"(\b(see|room|base)::(?!Order\b))");
  CAPTURE(base::join(below, "\n"));
  CHECK(below.empty());
}

TEST_CASE("labs and solutions include nothing of the checker") {
  for (const char* tree : {"labs", "solutions"})
    CHECK(found(tree, "#include \"(base|see|room|play|grade|course|results|check)[/.]").empty());
}

TEST_CASE("nobody sleeps, and only play/wait polls with a time") {
  const auto naps =
      found("checker", R"(\b(usleep|nanosleep|sleep|sleep_for|sleep_until)\s*\()", "^(tests|faults|variants)/");
  CAPTURE(base::join(naps, "\n"));
  CHECK(naps.empty());
  const auto polls =
      found("checker", R"(\bpoll\(.*, *(beat|[1-9][0-9]*)\))", "^(tests|faults|variants)/|^play/testbed/wait.cpp");
  CAPTURE(base::join(polls, "\n"));
  CHECK(polls.empty());
}

TEST_CASE("heavy headers stay where they are paid for once") {
  CHECK(found("checker", "#include <CLI/", "^(verbs/verb.hpp$|tests/)").empty());
  CHECK(found("checker", "#include <nlohmann/", "^(results/json.cpp$|class/(people|apart).cpp$|tell/formats/json.hpp$|tests/)").empty());
}
