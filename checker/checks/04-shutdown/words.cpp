#include "words.hpp"

#include <unistd.h>


namespace shutdown {

void configure(const std::string& line) {
  lab.file("config").put(line + "\n");
}

Program steady_with(const std::string& config, room::Order order) {
  configure(config);
  unlink("state");
  return lab.start("config state", std::move(order));
}

void send_when_asleep(const Program& program, int signal) {
  program.settle();
  program.send(signal);
}

void send_at_once(const Program& program, const std::vector<int>& signals) {
  program.settle();
  program.freeze();
  for (const int signal : signals) program.send(signal);
  program.thaw();
}

void let_go(play::Gate& gate) {
  gate.open_if_there();
}

Verdict ends_too(const play::Gate& job, const char* diagnosis) {
  const Verdict gone = job.is_gone();
  if (gone.passed()) return Verdict::yes();
  play::Evidence e = gone.evidence();
  e.actual = "it still lives, and steady does not";
  e.diagnoses = {diagnosis};
  return Verdict::no(std::move(e));
}

Verdict reports_jobs(const Program& steady, const std::string& expected) {
  return steady.printed_lines({"start ", "again ", "end "}, expected, {"ready", "config", "status ", "stopping"});
}

Verdict starts_nothing(const Program& steady) {
  if (!steady.has_printed("start ")) return Verdict::yes();
  return Verdict::no(play::with_context(lab.testbed(), {"it starts no job", "it printed " + quote(steady.printed())}));
}

Verdict does_again(Program& steady, const std::string& text, const char* diagnosis) {
  return steady.prints_next(text).means(diagnosis, !steady.has_printed(" one\n"));
}

}  // namespace shutdown
