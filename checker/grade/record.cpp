#include "grade/record.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/utsname.h>

namespace grade {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* result_names[] = {"not run", "passed",        "failed",
                                        "skipped", "not attempted", "could not be checked"};

Result result_from(const std::string& name) {
  for (int i = 0; i < 6; ++i)
    if (name == result_names[i]) return static_cast<Result>(i);
  throw std::runtime_error("unknown result " + name);
}

json object_of(const Record& r) {
  json log = json::array();
  for (const Event& e : r.log) log.push_back({{"ms", e.ms}, {"what", e.what}});
  return {{"lab", r.lab},           {"id", r.id},           {"title", r.title}, {"number", r.number},
          {"points", r.points},     {"stretch", r.stretch}, {"needs", r.needs}, {"result", name_of(r.result)},
          {"expected", r.expected}, {"actual", r.actual},   {"lines", r.lines}, {"diagnoses", r.diagnoses},
          {"hint", r.hint},         {"by_hand", r.by_hand}, {"ms", r.ms},       {"log", log}};
}

// Programs print anything; JSON must be UTF-8 all the same.
std::string dump(const json& object, int indent) {
  return object.dump(indent, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string name_of(Result result) { return result_names[static_cast<int>(result)]; }

std::string pack(const Record& record) {
  json object = object_of(record);
  json files = json::object();
  for (const auto& [name, bytes] : record.files) files[name] = json::binary({bytes.begin(), bytes.end()});
  object["files"] = files;
  const std::vector<std::uint8_t> packed = json::to_cbor(object);  // programs' bytes are not always UTF-8
  return {packed.begin(), packed.end()};
}

Record unpack(const std::string& packed) {
  try {
    const json o = json::from_cbor(packed);
    Record r;
    r.lab = o.at("lab");
    r.id = o.at("id");
    r.title = o.at("title");
    r.number = o.at("number");
    r.points = o.at("points");
    r.stretch = o.at("stretch");
    r.needs = o.at("needs").get<std::vector<std::string>>();
    r.result = result_from(o.at("result"));
    r.expected = o.at("expected");
    r.actual = o.at("actual");
    r.lines = o.at("lines").get<std::vector<std::string>>();
    r.diagnoses = o.at("diagnoses").get<std::vector<std::string>>();
    r.hint = o.at("hint");
    r.by_hand = o.at("by_hand");
    r.ms = o.at("ms");
    for (const auto& [name, bytes] : o.at("files").items())
      r.files.emplace_back(name, std::string(bytes.get_binary().begin(), bytes.get_binary().end()));
    for (const json& e : o.at("log")) r.log.push_back({e.at("ms"), e.at("what")});
    return r;
  } catch (const json::exception& e) {
    throw std::runtime_error(fmt::format("not a record: {}", e.what()));
  }
}

std::string to_json(const Run& run) {
  utsname system{};
  uname(&system);
  json cases = json::array();
  for (const Record& r : run.records) cases.push_back(object_of(r));
  const json whole{{"schema", "ipc-labs/results"},
                   {"version", 1},
                   {"tree", run.tree},
                   {"kernel", system.release},
                   {"rung", run.rung},
                   {"rung_why", run.rung_why},
                   {"cases", cases}};
  return dump(whole, 1) + "\n";
}

}  // namespace grade
