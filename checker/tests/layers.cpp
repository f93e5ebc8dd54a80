// The house keeps its shape: includes point down, only one place waits, and the layers stand where they should.
#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <regex>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/course.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<std::string> sources(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(grade::course_folder() + "/" + folder))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") paths.push_back(entry.path());
  return paths;
}

std::string under(const std::string& path, const std::string& folder) {
  return fs::relative(path, grade::course_folder() + "/" + folder).string();
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

}  // namespace

TEST_CASE("includes point down: base < see < room < play < check < checks, and grade stands on top") {
  const std::map<std::string, int> height{{"base", 0},  {"see", 1},    {"room", 2},  {"play", 3},
                                          {"check", 4}, {"checks", 5}, {"grade", 6}, {"main", 7}};
  const std::regex include("#include \"([a-z_]+)[/.]");
  for (const std::string& path : sources("checker")) {
    const std::string name = under(path, "checker"), layer = name.substr(0, name.find_first_of("/."));
    if (height.count(layer) == 0) continue;  // tests, faults and variants stand outside
    for (const std::string& line : base::split(base::read_file(path), '\n')) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      INFO(name << ": " << line);
      REQUIRE(height.count(match[1]) == 1);
      CHECK(height.at(match[1]) <= height.at(layer));
      // A check file uses the words, never the machinery below them nor the grader above.
      if (layer == "checks") CHECK(height.at(match[1]) <= height.at("check"));
    }
  }
}

TEST_CASE("labs and solutions include nothing of the checker") {
  for (const char* tree : {"labs", "solutions"})
    CHECK(found(tree, "#include \"(base|see|room|play|grade|check)[/.]").empty());
}

TEST_CASE("nobody sleeps, and only play/wait polls with a time") {
  const auto naps =
      found("checker", R"(\b(usleep|nanosleep|sleep|sleep_for|sleep_until)\s*\()", "^(tests|faults|variants)/");
  CAPTURE(base::join(naps, "\n"));
  CHECK(naps.empty());
  const auto polls =
      found("checker", R"(\bpoll\(.*, *(beat|[1-9][0-9]*)\))", "^(tests|faults|variants)/|^play/wait.cpp");
  CAPTURE(base::join(polls, "\n"));
  CHECK(polls.empty());
}

TEST_CASE("heavy headers stay where they are paid for once") {
  CHECK(found("checker", "#include <CLI/", "^(main.cpp$|tests/)").empty());
  CHECK(found("checker", "#include <nlohmann/", "^(grade/record.cpp$|tests/)").empty());
}
