#include "04-shutdown-words.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "play/lines.hpp"

namespace shutdown {

void configure(const std::string& line) {
  base::write_file("config", line + "\n");
  // By hand there are no gates: `sleep` takes its time as well, and the lines are seconds.
  const std::string command = line.starts_with("gate ") ? "sleep" : line;
  lab.stage().make_by_hand("config", "echo '" + command + "' >config");
}

Program steady_with(const std::string& config, room::Order order) {
  configure(config);
  unlink("state");
  return lab.start("config state", std::move(order));
}

void tell(const Program& program, int signal) {
  play::let_it_settle(lab.stage(), program);
  program.send(signal);
}

void tell_at_once(const Program& program, const std::vector<int>& signals) {
  play::let_it_settle(lab.stage(), program);
  program.freeze();
  for (const int signal : signals) program.send(signal);
  program.thaw();
}

void let_go(play::Gate& gate) {
  try {
    gate.open();
  } catch (const std::system_error& e) {
    if (e.code().value() != ENXIO) throw;
  }
}

Verdict named(Verdict verdict, const Program& program, const std::string& mark, const char* diagnosis) {
  const bool marked = (verdict.evidence().actual + program.printed()).find(mark) != std::string::npos;
  return marked ? std::move(verdict).means(diagnosis) : verdict;
}

Verdict ends_too(play::Gate& job, const char* diagnosis) {
  play::Evidence e = job.is_gone().evidence();
  if (e.expected.empty()) return Verdict::yes();
  e.actual = "it still lives, and steady does not";
  e.diagnoses = {diagnosis};
  return Verdict::no(std::move(e));
}

Verdict tells_of_jobs(const Program& steady, const std::string& expected) {
  return play::printed_lines(steady, {"start ", "again ", "end "}, expected, {"ready", "config", "status ", "stopping"});
}

Verdict starts_nothing(const Program& steady) {
  if (steady.printed().find("start ") == std::string::npos) return Verdict::yes();
  return Verdict::no({"it starts no job", "it printed " + base::quote(steady.printed()), {}, {}, lab.stage().by_hand(lab.stage().actors().back()), {}});
}

Verdict does_again(Program& steady, const std::string& text, const char* diagnosis) {
  Verdict verdict = steady.prints_next(text);
  return steady.printed().find(" one\n") == std::string::npos ? std::move(verdict).means(diagnosis) : verdict;
}

}  // namespace shutdown
