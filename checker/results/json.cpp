#include "results/json.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/printable.hpp"
#include "results/score.hpp"

namespace results {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* schema = "ipc-labs/results";
constexpr int version = 2;

// The value of an enumeration by its name; all are named without a gap from the first one on.
template <class Named>
Named from_name(const std::string& name, Named last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name_of(static_cast<Named>(i)) == name) return static_cast<Named>(i);
  throw std::runtime_error(fmt::format("\"{}\" is not known", name));
}

json object_of(const std::optional<Ended>& ended) {
  if (!ended) return nullptr;
  return {{ended->by_signal ? "signal" : "status", ended->status}};
}

json object_of(const Record& r) {
  json log = json::array();
  for (const Event& e : r.log) log.push_back({{"ms", e.ms}, {"by", e.done_by_check ? "check" : "program"}, {"what", e.what}});
  return {{"lab", r.lab},
          {"id", r.id},
          {"title", r.title},
          {"number", r.number},
          {"points", {{"earned", r.earned()}, {"possible", r.points}}},
          {"stretch", r.stretch},
          {"needs", r.needs},
          {"result", name_of(r.result)},
          {"expected", r.expected},
          {"actual", r.actual},
          {"ground", name_of(r.ground)},
          {"ended", object_of(r.ended)},
          {"missing", r.missing},
          {"too_many", r.too_many},
          {"lines", r.lines},
          {"diagnoses", r.diagnoses},
          {"hint", r.hint},
          {"todos", r.todos},
          {"instead", r.instead},
          {"calls", r.calls},
          {"passed_traced", r.passed_traced},
          {"by_hand", r.by_hand},
          {"started", r.started},
          {"ms", r.ms},
          {"seed", r.seed},
          {"budget", {{"cpu_seconds", r.budget.cpu}, {"wall_seconds", r.budget.wall}}},
          {"log", log}};
}

std::optional<Ended> ended_of(const json& o) {
  if (o.is_null()) return std::nullopt;
  const bool by_signal = o.contains("signal");
  return Ended{o.at(by_signal ? "signal" : "status").get<int>(), by_signal};
}

// What both versions have.
Record common(const json& o) {
  Record r;
  r.lab = o.at("lab");
  r.id = o.at("id");
  r.title = o.at("title");
  r.number = o.at("number");
  r.stretch = o.at("stretch");
  r.needs = o.at("needs").get<std::vector<std::string>>();
  r.result = from_name(o.at("result"), Result::follows);
  r.expected = o.at("expected");
  r.actual = o.at("actual");
  r.lines = o.at("lines").get<std::vector<std::string>>();
  r.diagnoses = o.at("diagnoses").get<std::vector<std::string>>();
  r.hint = o.at("hint");
  r.by_hand = o.at("by_hand");
  r.ms = o.at("ms");
  for (const json& e : o.at("log")) r.log.push_back({e.at("ms"), e.at("what"), e.value("by", "") == "check"});
  return r;
}

Record record_of(const json& o, int from) {
  Record r = common(o);
  if (from == 1) {
    r.points = o.at("points");
    return r;
  }
  r.points = o.at("points").at("possible");
  r.ground = from_name(o.at("ground"), Ground::not_built);
  r.ended = ended_of(o.at("ended"));
  r.missing = o.at("missing").get<std::vector<std::string>>();
  r.too_many = o.at("too_many").get<std::vector<std::string>>();
  r.todos = o.value("todos", std::vector<std::string>{});
  r.instead = o.value("instead", "");
  r.calls = o.value("calls", std::vector<std::string>{});
  r.passed_traced = o.value("passed_traced", false);
  r.started = o.at("started");
  r.seed = o.at("seed");
  r.budget = {o.at("budget").at("cpu_seconds"), o.at("budget").at("wall_seconds")};
  return r;
}

// A folder may have any name; JSON must be UTF-8 all the same.
std::string text_of(const json& object, int indent) {
  return object.dump(indent, ' ', false, json::error_handler_t::replace);
}

// What nlohmann-json throws for a text that is no such object, as a sentence of ours.
template <class Read>
auto checked(const char* what, const Read& read) {
  try {
    return read();
  } catch (const json::exception& e) {
    throw std::runtime_error(fmt::format("not {}: {}", what, e.what()));
  }
}

}  // namespace

std::string to_json(const Run& run) {
  json cases = json::array();
  for (const Record& r : run.records) cases.push_back(object_of(printable(r)));
  json labs = json::array(), warnings = json::array();
  for (const std::string& warning : run.warnings) warnings.push_back(printable_lines(warning));
  for (const Score& s : scores_of(run))
    labs.push_back({{"lab", printable_lines(s.lab)}, {"earned", s.earned}, {"possible", s.possible}, {"instead", printable_lines(s.instead)}});
  const json whole{{"schema", schema},
                   {"version", version},
                   {"tree", run.tree},
                   {"started", run.started},
                   {"ms", run.ms},
                   {"course", run.course},
                   {"checker", run.checker},
                   {"compiler", run.compiler},
                   {"kernel", run.kernel},
                   {"machine", run.machine},
                   {"rung", run.rung},
                   {"rung_why", run.rung_why},
                   {"patience", run.patience},
                   {"seed", run.seed ? json(*run.seed) : json(nullptr)},
                   {"warnings", warnings},
                   {"labs", labs},
                   {"cases", cases}};
  return text_of(whole, 1) + "\n";
}

Run from_json(const std::string& text) {
  return checked("a results.json", [&] {
    const json o = json::parse(text);
    const int from = o.at("version");
    if (o.at("schema") != schema || from < 1 || from > version)
      throw std::runtime_error(fmt::format("results of version {}: this checker reads up to {}", from, version));
    Run run;
    run.tree = o.at("tree");
    run.kernel = o.at("kernel");
    run.rung = o.at("rung");
    run.rung_why = o.at("rung_why");
    for (const json& r : o.at("cases")) run.records.push_back(record_of(r, from));
    if (from == 1) return run;
    run.started = o.at("started");
    run.ms = o.at("ms");
    run.course = o.at("course");
    run.checker = o.at("checker");
    run.compiler = o.at("compiler");
    run.machine = o.at("machine");
    run.patience = o.at("patience");
    run.warnings = o.value("warnings", std::vector<std::string>{});
    if (!o.at("seed").is_null()) run.seed = o.at("seed").get<std::uint32_t>();
    return run;
  });
}

std::string to_line(const Record& record) { return text_of(object_of(printable(record)), -1); }

Record from_line(const std::string& line) {
  return checked("a record", [&] { return record_of(json::parse(line), version); });
}

std::string pack(const Record& record) {
  json object = object_of(record);
  json files = json::object();
  for (const auto& [name, bytes] : record.files) files[name] = json::binary({bytes.begin(), bytes.end()});
  object["files"] = files;
  const std::vector<std::uint8_t> packed = json::to_cbor(object);  // programs' bytes are not always UTF-8
  return {packed.begin(), packed.end()};
}

Record unpack(const std::string& packed) {
  return checked("a record", [&] {
    const json o = json::from_cbor(packed);
    Record r = record_of(o, version);
    for (const auto& [name, bytes] : o.at("files").items())
      r.files.emplace_back(name, std::string(bytes.get_binary().begin(), bytes.get_binary().end()));
    return r;
  });
}

}  // namespace results
