#include "play/start/thread_sanitizer.hpp"

#include <stdexcept>
#include <sys/personality.h>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace play {
namespace {

constexpr size_t most_lines = 14;  // of a report: the two accesses, each with its calls

// "/work/ring.cpp:120" is where the room compiled it; a person knows the file by its name.
std::string without_folder(std::string line) {
  for (size_t at = 0; (at = line.find("/work/")) != std::string::npos;) line.erase(at, 6);
  return line;
}

// "#3 _M_run /usr/include/c++/12/bits/std_thread.h:252": a call between the program's own, of some library.
bool is_a_librarys_call(const std::string& line) {
  const size_t frame = line.find_first_not_of(' ');
  return frame != std::string::npos && line[frame] == '#' && line.find("/work/") == std::string::npos;
}

// What a program's own text defines or calls to tell the sanitizer what to report: the names stand in its table of symbols.
std::string word_to_the_sanitizer(const std::string& executable) {
  for (const char* name : {"__tsan_default_options", "__tsan_default_suppressions", "__tsan_on_report", "__tsan_acquire", "__tsan_release",
                           "AnnotateIgnore", "AnnotateHappens", "AnnotateBenignRace", "__sanitizer_set_death_callback", "TSAN_OPTIONS"})
    if (executable.find(name) != std::string::npos) return name;
  return {};
}

}  // namespace

std::string sanitized_name(const std::string& program) { return program + ".tsan"; }

Program start_sanitized(Testbed& testbed, const std::string& program, const std::vector<std::string>& words) {
  room::Order order;
  order.argv = {program};  // it is called as the other one is
  order.limits.address_space = 0;
  order.environment = {"TSAN_OPTIONS=halt_on_error=1:exitcode=66:report_thread_leaks=0"};
  order.prepare = [] { base::must(personality(ADDR_NO_RANDOMIZE), "personality"); };
  return {testbed, testbed.start(sanitized_name(program), words, Testbed::Tie::streams, std::move(order))};
}

Verdict has_no_race(const Testbed& testbed, const Program& program) {
  const std::string told = word_to_the_sanitizer(base::read_file(testbed.room().outside(testbed.room().programs() + "/" + program.name())));
  if (!told.empty())
    return Verdict::no("nobody tells ThreadSanitizer what to report of " + program.name(), "it has the name " + told + " in it");
  const std::string report = program.complained();
  if (report.find("FATAL: ThreadSanitizer") != std::string::npos)
    throw std::runtime_error("ThreadSanitizer does not work here: " + base::quote(report, 200));
  const size_t race = report.find("WARNING: ThreadSanitizer: ");
  if (race == std::string::npos) return Verdict::yes();
  Evidence e;
  e.expected = "ThreadSanitizer finds no race in " + program.name();
  e.actual = "it reports: " + report.substr(race + 26, report.find_first_of("(\n", race + 26) - race - 27);
  for (const std::string& line : base::split(report.substr(race), '\n')) {
    if (line.empty() || line.starts_with("====") || is_a_librarys_call(line)) continue;
    if (line.find("Location is global '<null>'") != std::string::npos) continue;  // a mapping: it has no name for it
    if (e.lines.size() == most_lines) break;
    e.lines.push_back(without_folder(base::escape(line)));
  }
  e.diagnoses.emplace_back("memory/race");
  return Verdict::no(std::move(e));
}

}  // namespace play
