#include "class/apart.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "base/text.hpp"
#include "class/folder.hpp"
#include "grade/worker/worker.hpp"

namespace intake {
namespace {

using nlohmann::json;

constexpr double longest_unpacking = 120;  // seconds
constexpr rlim_t most_memory = rlim_t{2} << 30;

// In the worker. It writes nothing anywhere but its answer.
std::string read_here(const std::vector<std::string>& paths) {
  const rlimit memory{most_memory, most_memory}, cpu{60, 60}, no_writing{0, 0};
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_FSIZE, &no_writing);
  json all{{"files", json::array()}, {"notes", json::array()}, {"refused", ""}};
  for (const std::string& path : paths) {
    Contents contents = read_submission(path);
    for (Found& file : contents.files) {
      std::vector<std::uint8_t> bytes(file.bytes.begin(), file.bytes.end()), name(file.path.begin(), file.path.end());
      all["files"].push_back({json::binary(std::move(name)), json::binary(std::move(bytes)), file.modified});
    }
    for (const std::string& note : contents.notes) all["notes"].push_back(base::printable(note));
    if (!contents.refused.empty()) all["refused"] = base::printable(contents.refused);
  }
  const std::vector<std::uint8_t> packed = json::to_cbor(all);
  return {packed.begin(), packed.end()};
}

std::string text_of(const json& binary) {
  const auto& bytes = binary.get_binary();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Contents read_apart(const std::vector<std::string>& paths) {
  grade::Worker worker([&] { return read_here(paths); }, longest_unpacking);
  worker.wait();
  Contents contents;
  if (!worker.trouble().empty()) {
    contents.refused = "it could not be read: " + worker.trouble();
    return contents;
  }
  const std::string& answer = worker.answer();
  const json all = json::from_cbor(answer.begin(), answer.end());
  for (const json& file : all.at("files")) contents.files.push_back({text_of(file.at(0)), text_of(file.at(1)), file.at(2)});
  contents.notes = all.at("notes");
  contents.refused = all.at("refused");
  return contents;
}

}  // namespace intake
