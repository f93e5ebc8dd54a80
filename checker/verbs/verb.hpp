// What the verbs of the command line have in common: how one is added, and what its exit status means.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "course/lab.hpp"

namespace verbs {

/// Exit statuses: all that was asked for passed; something failed; the command was wrong or its work could not be done.
constexpr int all_passed = 0, something_failed = 1, no_work = 2;

/// What is done once the command line has been understood; it returns the exit status.
using Work = std::function<int()>;

/// Says it on standard error, escaped; returns no_work.
int wrong(const std::string& sentence);
int no_such_lab(const std::string& lab);
/// "there is no check "x"; did you mean a, b?", or where to find the names of all.
int no_such(const std::string& what, const std::string& name, const std::vector<std::string>& names, const std::string& list);
/// An exit status for a command line that was not understood, or asked for help only; says what CLI11 has to say.
int not_understood(const CLI::App& app, const CLI::ParseError& why);

// One function a verb, in a file of its name: adds the verb with its options, and the one call that does its work.
void add_grade(CLI::App& app, Work& work);
void add_shell(CLI::App& app, Work& work);
void add_explain(CLI::App& app, Work& work);
void add_export(CLI::App& app, Work& work);
void add_doctor(CLI::App& app, Work& work);
void add_bench(CLI::App& app, Work& work);
void add_prove(CLI::App& app, Work& work);
void add_handout(CLI::App& app, Work& work);
void add_class(CLI::App& app, Work& work);
void add_hint(CLI::App& app, Work& work);
void add_regrade(CLI::App& app, Work& work);

}  // namespace verbs
