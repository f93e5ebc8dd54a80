#include "words.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <map>


namespace signals_lab {
namespace {

std::string part_of(const std::string& line, Part part) {
  std::vector<std::string> words = split(line, ' ');
  if (words.size() > 1 && words[0] == "29" && words[1] == "IO") words[1] = "POLL";
  if (part == Part::fate && words.size() > 3) words.resize(3);
  if (part == Part::flags && words.size() > 3) words.erase(words.begin() + 2);
  return join(words, " ");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// A disposition was refused, and the program says so, on a terminal between its lines.
bool mentions_a_refusal(const std::string& text) { return text.find(strerror(EINVAL)) != std::string::npos; }

/// It ends with 0. A hang that the kernel's own words explain draws its diagnosis.
play::Verdict finishes(play::Program& program, const Scene& scene) {
  play::Verdict done = program.exits_leaving_others(0);  // what it leaves has a check of its own
  if (done.passed()) return done;
  play::Evidence e = done.evidence();
  if (e.kind == play::Evidence::Kind::stuck && lab.testbed().anyone_waits_for_a_stopped_child()) {
    e.diagnoses.insert(e.diagnoses.begin(), "process/stopped-not-asked-for");
  } else if (scene.sigchld_ignored && started_as(program).err.text.find("No child processes") != std::string::npos) {
    e.diagnoses.insert(e.diagnoses.begin(), "signal/sigchld-ignored");
  } else if (e.kind == play::Evidence::Kind::differs && mentions_a_refusal(started_as(program).err.text + started_as(program).out.text)) {
    e.diagnoses.emplace_back("signal/refusal-is-a-finding");
  } else if (e.kind == play::Evidence::Kind::differs && e.diagnoses.empty() && !scene.when_it_gives_up.empty()) {
    e.diagnoses.push_back(scene.when_it_gives_up);
  }
  if (!scene.situation.empty()) e.lines.insert(e.lines.begin(), "here " + scene.situation);
  return play::Verdict::no(std::move(e));
}

}  // namespace

std::string Signal::line() const { return fmt::format("{} {} {} {}", number, name, fate, flags); }

const std::vector<Signal>& signals() {
  static const std::vector<Signal> all = [] {
    const std::string names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN "
                              "TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS";
    const std::map<std::string, std::string> fates{{"CHLD", "nothing"}, {"URG", "nothing"}, {"WINCH", "nothing"}, {"CONT", "continues"},
                                                   {"STOP", "stops"},   {"TSTP", "stops"},  {"TTIN", "stops"},    {"TTOU", "stops"}};
    std::vector<Signal> made;
    for (const std::string& name : split(names, ' ')) {
      const bool untouchable = name == "KILL" || name == "STOP";
      const auto fate = fates.find(name);
      made.push_back({static_cast<int>(made.size()) + 1, name, fate == fates.end() ? "ends" : fate->second,
                      untouchable ? "- - -" : "catch block ignore"});
    }
    for (int i = 0; i <= 15; ++i) made.push_back({34 + i, i == 0 ? "RTMIN" : fmt::format("RTMIN+{}", i), "ends", "catch block ignore"});
    for (int i = 14; i >= 0; --i) made.push_back({64 - i, i == 0 ? "RTMAX" : fmt::format("RTMAX-{}", i), "ends", "catch block ignore"});
    return made;
  }();
  return all;
}

const Signal& signal_named(const std::string& name) {
  return *std::find_if(signals().begin(), signals().end(), [&](const Signal& s) { return s.name == name; });
}

bool is_standard(const Signal& s) { return s.number < 32; }

bool stops_or_continues(const Signal& s) { return s.fate == "stops" || s.fate == "continues"; }

const play::Started& started_as(const play::Program& program) {
  const auto& all = lab.testbed().all_started();
  return *std::find_if(all.begin(), all.end(), [&](const play::Started& a) { return a.pid == program.pid() || a.subject == program.pid(); });
}

std::string any_cause(const std::string&, const std::string&) { return {}; }

play::Verdict differs(const play::Program& program, std::string expected, std::string actual, std::vector<std::string> lines, const std::string& diagnosis) {
  const play::Started& started = started_as(program);
  play::Evidence e;
  e.expected = std::move(expected);
  e.actual = std::move(actual);
  e.lines = std::move(lines);
  if (!started.err.text.empty()) e.lines.push_back("it wrote on standard error: " + quote(started.err.text, 200));
  if (!diagnosis.empty()) e.diagnoses.push_back(diagnosis);
  return play::Verdict::no(std::move(e));
}

play::Verdict says(play::Program& program, const std::vector<std::string>& expected, Part part,
                   const Explain& explain, const Scene& scene) {
  if (play::Verdict done = finishes(program, scene); !done.passed()) return done;
  const play::Started& started = started_as(program);
  lab.testbed().pump();  // what it printed last; not up to end-of-file, which a forgotten child would keep away
  const std::vector<std::string> lines = lines_of(started.out.text);

  std::vector<std::string> evidence;
  if (!scene.situation.empty()) evidence.push_back("here " + scene.situation);
  std::string first_expected, first_actual, diagnosis;
  bool unseen_to_go_on = false;
  for (size_t i = 0; i < std::max(lines.size(), expected.size()); ++i) {
    const std::string got = i < lines.size() ? part_of(lines[i], part) : "", wanted = i < expected.size() ? expected[i] : "";
    const auto readings = split(wanted, '|');
    if (std::find(readings.begin(), readings.end(), got) != readings.end()) continue;
    const std::string should = wanted.empty() ? "nothing more" : quote(readings[0]);
    const std::string is = i < lines.size() ? quote(lines[i]) : "missing";
    if (first_expected.empty()) {
      first_expected = fmt::format("line {} of what it prints is {}", i + 1, should);
      first_actual = (lines.empty() ? "it printed nothing" : "it is " + is);
      const bool twice = i > 0 && i < lines.size() && lines.size() > expected.size() && std::count(lines.begin(), lines.begin() + static_cast<long>(i), lines[i]) > 0;
      diagnosis = twice ? "process/buffer-copied" : mentions_a_refusal(got) ? "signal/refusal-is-a-finding" : explain(readings[0], got);
      unseen_to_go_on = readings[0].find(" continues") != std::string::npos && got.find(" nothing") != std::string::npos;
      if (part != Part::all) first_expected += part == Part::fate ? " (flags left out)" : " (fate left out)";
    } else if (evidence.size() < 5 && i < lines.size()) {
      evidence.push_back(fmt::format("line {} should be {}, and is {}", i + 1, should, is));
    }
  }
  if (first_expected.empty()) return play::Verdict::yes();
  return differs(program, first_expected, first_actual, std::move(evidence), diagnosis)
      .hints("CONT does nothing to a process that runs. Had the child stopped when it was sent (waitpid() with WUNTRACED tells), and was it asked whether it went on (WCONTINUED)?", unseen_to_go_on);
}

Explain because(const std::string& diagnosis) {
  return [=](const std::string&, const std::string&) { return diagnosis; };
}

std::vector<int> every_number() {
  std::vector<int> all;
  for (const Signal& s : signals()) all.push_back(s.number);
  return all;
}

std::string names_of(const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const Signal& s : signals())
    if (std::find(numbers.begin(), numbers.end(), s.number) != numbers.end()) names.push_back(s.name);
  return join(names, " ");
}

std::string from_a_table(const std::string& expected, const std::string& got) {
  const Signal& s = signal_named(split(expected, ' ')[1]);
  if (expected == s.line()) return {};
  // Of a signal that never came nobody has gone on: the word alone gives it away. (That one "ends" may be a clumsy parent's
  // own doing.)
  const bool went_on = s.fate == "continues" && got == fmt::format("{} {} continues - - ignore", s.number, s.name);
  return got == s.line() || went_on ? "signal/from-a-table" : "";
}

}  // namespace signals_lab
