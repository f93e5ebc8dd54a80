// Lab 03: what Linux does where nobody interferes, and whether the program says so. A diagnosis is named only where the
// line that differs, or the kernel, shows one cause alone. Knows no story.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check.hpp"

namespace signals_lab {

struct Signal {
  int number;
  std::string name, fate, flags;
  std::string line() const;
};
/// The 62 of kill -l, and one by its name.
const std::vector<Signal>& signals();
const Signal& signal_named(const std::string& name);
std::vector<int> every_number();
/// One of the 31 that have a name of their own.
bool is_standard(const Signal& s);
std::string names_of(const std::vector<int>& numbers);
/// The five that have a check of their own.
bool stops_or_continues(const Signal& s);

const play::Started& started_as(const play::Program& program);
play::Verdict differs(const play::Program& program, std::string expected, std::string actual, std::vector<std::string> lines = {}, const std::string& diagnosis = {});

/// Which words of a line are looked at.
enum class Part { all, fate, flags };

/// What a wrong line betrays; empty where it may have any cause.
using Explain = std::function<std::string(const std::string& expected, const std::string& actual)>;
std::string any_cause(const std::string&, const std::string&);
/// An explanation that holds whatever the difference is.
Explain because(const std::string& diagnosis);
/// A signal's usual line where the kernel behaves otherwise was not found by an experiment.
std::string from_a_table(const std::string& expected, const std::string& got);

/// What the program was put into, for the reader of a failure: the line by hand alone would not show it.
struct Scene {
  std::string situation;
  std::string when_it_gives_up = {};  ///< what an exit status other than 0 betrays there
  bool sigchld_ignored = false;       ///< SIGCHLD was, when it was started
};

/// It ends with 0 and has printed exactly these lines. Where the kernel is free, a line has two readings: "a|b".
play::Verdict says(play::Program& program, const std::vector<std::string>& expected, Part part = Part::all,
                   const Explain& explain = any_cause, const Scene& scene = {});

}  // namespace signals_lab
