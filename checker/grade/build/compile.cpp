#include "grade/build/compile.hpp"

#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "course/lab.hpp"
#include "play/start/thread_sanitizer.hpp"
#include "room/reach.hpp"
#include "play/testbed/wait.hpp"

namespace grade {
namespace {

namespace fs = std::filesystem;

// At -O0 several classic mistakes hide. Some distributions' compilers fortify by themselves, which gives calls other names
// and ends programs that go on elsewhere: a verdict must be the same everywhere.
const std::vector<std::string> flags{"-std=c++20", "-O2",      "-g", "-U_FORTIFY_SOURCE", "-Wall",
                                     "-Wextra",    "-pthread", "-I."};
// Its reports need lines and calls that were not merged away; a sanitizer warns where it cannot know better.
const std::vector<std::string> sanitizer_flags{"-fsanitize=thread", "-O1", "-fno-omit-frame-pointer"};
constexpr size_t most_source = size_t{1} << 20;
constexpr size_t most_errors = 6;  // lines of the compiler that a person reads

std::vector<std::string> flags_of(const Source& source) {
  std::vector<std::string> all = flags;
  if (source.sanitized) all.insert(all.end(), sanitizer_flags.begin(), sanitizer_flags.end());
  return all;
}

std::string key_of(const Source& source) {
  std::string all = IPCLAB_CXX_ID + base::join(flags_of(source), " ") + source.name;
  for (const auto& [name, text] : source.files) all += fmt::format("\n{} {}\n{}", name, text.size(), text);
  return base::sha256(all);
}

std::string first_errors(const std::string& said) {
  std::vector<std::string> shown;
  size_t errors = 0;
  for (const std::string& line : base::split(said, '\n')) {
    if (line.find("error:") != std::string::npos) ++errors;
    if (errors > 0 && shown.size() < most_errors && !line.empty()) shown.push_back(base::escape(line.substr(0, 160)));
  }
  if (shown.empty()) return base::quote(said, 400);
  return base::join(shown, "\n") +
         (errors > 1 ? fmt::format("\n({} errors in all; mend the first one first)", errors) : "");
}

}  // namespace

Source read_source(const std::string& folder, const std::string& name, const std::string& target) {
  Source source{name, false, {}, target};
  if (!fs::is_directory(folder)) throw std::runtime_error("there is no folder " + folder);
  if (!fs::exists(folder + "/" + name + ".cpp"))
    throw std::runtime_error(fmt::format("there is no file {}/{}.cpp", folder, name));
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp" || extension == ".h") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    // A link, a FIFO or a device in place of a source would make the grader read what is not the student's.
    if (fs::symlink_status(path).type() != fs::file_type::regular)
      throw std::runtime_error(path.string() + " is not an ordinary file");
    if (fs::file_size(path) > most_source) throw std::runtime_error(path.string() + " is larger than 1 MiB");
    source.files.emplace_back(path.filename(), base::read_file(path));
  }
  // Always the course's own, whatever lies in the folder.
  std::erase_if(source.files, [](const auto& file) { return file.first == "must.hpp"; });
  source.files.emplace_back("must.hpp", base::read_file(course::course_folder() + "/labs/must.hpp"));
  return source;
}

Source sanitized(Source source) {
  source.sanitized = true;
  source.target = source.target.substr(0, source.target.rfind('/') + 1) + installed_name(source);
  return source;
}

std::string installed_name(const Source& source) {
  return source.sanitized ? play::sanitized_name(source.name) : source.name;
}

bool is_fresh(const Source& source) {
  return fs::exists(source.target) && fs::exists(source.target + ".key") &&
         base::read_file(source.target + ".key") == key_of(source);
}

std::string compile(const Source& source, room::Rung rung, const std::string& scratch, double patience) {
  room::Room room(rung, scratch, {});
  play::Testbed testbed(room, "", play::Budget{60, 120} * patience);
  const room::Reach folder(".");
  for (const auto& [name, text] : source.files) folder.put(name, text, 0644);
  room::Order order;
  order.path = IPCLAB_CXX;
  order.argv = {"c++"};
  order.limits.address_space = std::uint64_t{2} << 30;
  order.limits.cpu_seconds = 60;
  std::vector<std::string> words = flags_of(source);
  words.insert(words.end(), {source.name + ".cpp", "-o", "program"});
  play::Started& compiler = testbed.start_path(IPCLAB_CXX, words, play::Testbed::Tie::streams, order);
  compiler.close_input();
  const play::Waited waited =
      play::wait_until(testbed, [&] { return compiler.ending.has_value() && compiler.err.at_end(); });
  if (!compiler.ending)
    throw std::runtime_error("it could not be compiled: " +
                             (waited.why.empty() ? "the compiler is stuck" : waited.why));
  if (compiler.ending->by_signal || compiler.ending->status != 0)
    throw std::runtime_error("it does not compile\n" + first_errors(compiler.err.text));
  const auto program = folder.read("program");
  if (!program) throw std::runtime_error("the compiler has made no program");
  return *program;
}

void keep(const Source& source, const std::string& executable) {
  fs::create_directories(fs::path(source.target).parent_path());
  base::write_file(source.target, executable, 0755);
  base::write_file(source.target + ".key", key_of(source));
}

}  // namespace grade
