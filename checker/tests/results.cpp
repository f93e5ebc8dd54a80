// results.json: written, read back, in both versions; and kept while a run is under way, whatever ends it.
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/fd.hpp"
#include "course/lab.hpp"
#include "results/build.hpp"
#include "results/journal.hpp"
#include "results/json.hpp"
#include "tests/example.hpp"
#include "tests/folder.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using results::Record, results::Run, results::Result;
using tests::example, tests::Folder, tests::run_of;

std::string golden(const std::string& name) {
  return base::read_file(fs::path(__FILE__).parent_path().string() + "/golden/" + name);
}

Record crash() {
  Record r = example();
  r.id = "flows";
  r.ground = results::Ground::ended;
  r.ended = results::Ended{11, true};
  r.missing = {"SIGTERM"};
  r.too_many = {"SIGINT", "SIGHUP"};
  r.todos = {"TODO 2 in pipeline.cpp"};
  r.instead = "a shell";
  return r;
}

// Each key of the object is one that the schema knows, and each that it requires is there; the same for what is below.
void agrees(const json& object, const json& schema, const std::string& where) {
  INFO(where);
  if (schema.contains("items") && object.is_array()) {
    for (const json& each : object) agrees(each, schema["items"], where + "[]");
    return;
  }
  if (!object.is_object() || !schema.contains("properties")) return;
  for (const auto& key : schema.value("required", json::array())) CHECK(object.contains(key.get<std::string>()));
  for (const auto& [key, value] : object.items()) {
    INFO(key);
    REQUIRE(schema["properties"].contains(key));
    agrees(value, schema["properties"][key], where + "." + key);
  }
}

}  // namespace

TEST_CASE("a record survives the way from the check's process") {
  Record r = crash();
  r.files = {{"out", std::string("\xff\0x", 3)}};
  const Record back = results::unpack(results::pack(r));
  CHECK(back.id == r.id);
  CHECK(back.result == r.result);
  CHECK(back.ground == r.ground);
  CHECK(back.ended->by_signal);
  CHECK(back.ended->status == 11);
  CHECK(back.missing == r.missing);
  CHECK(back.too_many == r.too_many);
  CHECK(back.lines == r.lines);
  CHECK(back.files == r.files);
  CHECK(back.seed == r.seed);
  CHECK(back.log.at(0).done_by_check);
  CHECK_THROWS(results::unpack("not a record"));
  CHECK_THROWS(results::unpack(""));
}

TEST_CASE("results.json is what its golden file says, byte for byte, and reads back as it was written") {
  const Run run = run_of({example(), crash()});
  CHECK(results::to_json(run) == golden("results-2.json"));
  CHECK(results::to_json(results::from_json(golden("results-2.json"))) == golden("results-2.json"));
}

TEST_CASE("results of version 1 are still read") {
  const Run run = results::from_json(golden("results-1.json"));
  REQUIRE(run.records.size() == 1);
  CHECK(run.kernel == "KERNEL");
  CHECK(run.records[0].points == 15);
  CHECK(run.records[0].result == Result::failed);
  CHECK(run.records[0].ground == results::Ground::none);
  CHECK(run.records[0].log.at(0).what == "start: pipeline tr a-z A-Z : cat");
}

TEST_CASE("what is no results.json is refused with a sentence") {
  CHECK_THROWS_WITH(results::from_json("{}"), doctest::Contains("not a results.json"));
  CHECK_THROWS_WITH(results::from_json("nonsense"), doctest::Contains("not a results.json"));
  json future = json::parse(golden("results-2.json"));
  future["version"] = 3;
  CHECK_THROWS_WITH(results::from_json(future.dump()), "results of version 3: this checker reads up to 2");
  future["version"] = 2;
  future["something_new"] = 1;  // added later: a reader ignores what it does not know
  CHECK(results::from_json(future.dump()).records.size() == 2);
}

TEST_CASE("the schemas describe the golden files") {
  for (const char* version : {"1", "2"}) {
    const std::string schema = course::course_folder() + "/checker/results/results-" + version + ".schema.json";
    agrees(json::parse(golden(fmt::format("results-{}.json", version))), json::parse(base::read_file(schema)), version);
  }
}

TEST_CASE("whatever ends the grader, the records that had come are kept") {
  const Folder folder;
  const std::string path = folder.path + "/made/results.json";
  Record first = example(), second = crash();
  first.result = second.result = Result::not_run;
  results::Journal journal(path, run_of({first, second}));
  CHECK(results::load(path).records.at(0).result == Result::not_run);
  journal.add(example());
  CHECK(results::load(path).records.at(0).result == Result::failed);
  CHECK(results::load(path).records.at(1).result == Result::not_run);
  // Killed in the middle of a line.
  base::write_all(base::open_file(path + "l", O_WRONLY | O_APPEND).get(), results::to_line(crash()).substr(0, 40));
  CHECK(results::load(path).records.at(1).result == Result::not_run);
  journal.finish(run_of({example(), crash()}));
  CHECK(results::load(path).records.at(1).result == Result::failed);
  CHECK_FALSE(fs::exists(path + "l"));
}

TEST_CASE("this executable has a build id") { CHECK(results::build_id().size() == 40); }
