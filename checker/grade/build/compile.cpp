#include "grade/build/compile.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fmt/format.h>
#include <regex>
#include <stdexcept>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "grade/build/trouble.hpp"
#include "play/testbed/wait.hpp"
#include "room/reach.hpp"

namespace grade {
namespace {

constexpr size_t most_errors = 6;  // lines of the compiler that a person reads
constexpr char fine = '+', not_built = '-', end_of_warnings = '\0';

// "/usr/bin/ld: /tmp/x.o: in function `main': pipeline.cpp:(.text+0x9): undefined reference to `f()'", "/tmp/x.s:7: Error: ...".
bool is_linkers_or_assemblers(const std::string& line) {
  for (const char* part : {"undefined reference to", "multiple definition of", ": Error: "})
    if (line.find(part) != std::string::npos) return true;
  return false;
}

// Without the linker's path, and those of the compiler's own files, which are gone by now: "pipeline.cpp:2: undefined reference to `f()'".
std::string from_the_text(const std::string& line) {
  static const std::regex paths(R"(^(\S*/ld: )?(/tmp/\S+\.[os]:(\d+:)? ?)?(\S*/)?(?=\S))");
  return std::regex_replace(line, paths, "", std::regex_constants::format_first_only);
}

// "NAME:LINE: error: ..." or "NAME:LINE:COLUMN: ...": an error that has a place in a text. The compiler's own crash has one
// too, where the text brings it about each time (g++ tries it again before it says so).
bool names_a_line(std::string_view said) {
  const size_t end = std::min({said.find(": error: "), said.find(": fatal error: "), said.find(": internal compiler error: ")});
  if (end == std::string_view::npos || said.front() == ' ') return false;
  const std::vector<std::string> parts = base::split(said.substr(0, end), ':');
  const auto is_number = [](const std::string& part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c); });
  };
  return (parts.size() == 2 || parts.size() == 3) && !parts[0].empty() && std::all_of(parts.begin() + 1, parts.end(), is_number);
}

// Throws the one or the other.
[[noreturn]] void explain(const play::Ending& ending, const std::string& said) {
  if (blames_the_text(said)) throw StudentsTrouble("it does not compile\n" + first_errors(said));
  throw std::runtime_error(fmt::format("the compiler ended with {} {}: {}", ending.by_signal ? "signal" : "status",
                                       ending.status, base::quote(said, 400)));
}

// Warnings, a line each, then the program: how a success travels.
std::string executable_of(const Source& source, room::Rung rung, const std::string& scratch, double patience) {
  room::Room room(rung, scratch, {});
  play::Testbed testbed(room, "", play::Budget{60, 120} * patience);
  const room::Reach folder(".");
  for (const auto& [name, text] : *source.files) folder.put(name, text, 0644);
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
  if (!compiler.ending && waited.outcome == play::Waited::Outcome::spent)
    throw StudentsTrouble("it could not be compiled: " + waited.why);  // a text that is too much for a compiler
  if (!compiler.ending) throw std::runtime_error("it could not be compiled: the compiler is stuck");
  if (compiler.ending->by_signal || compiler.ending->status != 0) explain(*compiler.ending, compiler.err.text);
  const auto program = folder.read("program");
  if (!program) throw std::runtime_error("the compiler has made no program");
  return base::join(warnings_in(compiler.err.text, *source.files), "\n") + end_of_warnings + *program;
}

}  // namespace

std::string compile(const Source& source, room::Rung rung, const std::string& scratch, double patience) {
  try {
    return fine + executable_of(source, rung, scratch, patience);
  } catch (const StudentsTrouble& e) {
    return not_built + std::string(e.what());
  }
}

std::string first_errors(const std::string& said) {
  std::vector<std::string> shown;
  size_t errors = 0;
  for (const std::string& line : base::split(said, '\n')) {
    // That the linker has returned 1 says nothing that it has not said itself.
    const bool says_nothing = line.starts_with("collect2: error: ld returned") || line.find(": in function `") != std::string::npos;
    if (!says_nothing && (line.find("error:") != std::string::npos || is_linkers_or_assemblers(line))) ++errors;
    if (errors > 0 && !says_nothing && shown.size() < most_errors && !line.empty()) shown.push_back(base::printable(from_the_text(line).substr(0, 160)));
  }
  if (shown.empty()) return base::quote(said, 400);
  return base::join(shown, "\n") +
         (errors > 1 ? fmt::format("\n({} errors in all; mend the first one first)", errors) : "");
}

Built built_in(const std::string& answer) {
  if (answer.empty()) throw std::runtime_error("the compilation has no answer");
  if (answer[0] == not_built) throw StudentsTrouble(answer.substr(1));
  const size_t end = answer.find(end_of_warnings);
  if (end == std::string::npos) throw std::runtime_error("the compilation has half an answer");
  Built all{answer.substr(end + 1)};
  if (end > 1) all.warnings = base::split(answer.substr(1, end - 1), '\n');
  return all;
}

std::vector<std::string> warnings_in(const std::string& said, const Files& files) {
  constexpr size_t most = 20, widest = 200;
  std::vector<std::string> warnings;
  for (const std::string& line : base::split(said, '\n')) {
    const bool own = std::any_of(files.begin(), files.end(), [&](const auto& file) { return line.starts_with(file.first + ":"); });
    if (own && line.find(" warning: ") != std::string::npos && warnings.size() < most) warnings.push_back(base::printable(line.substr(0, widest)));
  }
  return warnings;
}

// A line of the text, a name that the linker misses, or what the text made it use beyond its limits. Only these: whatever else
// ends a compiler (a signal, a full disk, no more processes) is not in a student's hands.
bool blames_the_text(const std::string& said) {
  if (said.find("The bug is not reproducible") != std::string::npos) return false;
  for (const std::string& line : base::split(said, '\n')) {
    if (names_a_line(line)) return true;
    for (const char* part : {"out of memory allocating", "virtual memory exhausted", "CPU time limit exceeded", "File size limit exceeded"})
      if (line.find(part) != std::string::npos) return true;
    // What the text made it open, which a room has not.
    if (is_linkers_or_assemblers(line) || (line.starts_with("cc1plus: fatal error: ") && line.find("No space left") == std::string::npos)) return true;
  }
  return false;
}

}  // namespace grade
