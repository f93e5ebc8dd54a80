// KEEP=yes: what a check left in its folder, with a timeline, where a person can look at it afterwards. What cannot be kept is
// a line of the timeline: keeping is a service, and never ends a run.
#pragma once

#include <string>

#include "results/record.hpp"

namespace grade {

/// In the check's process: takes the ordinary files of its working folder into the record, a megabyte of each at most.
void take_files(results::Record& record);

/// With `keep`, each check's files and timeline stay in this folder, below LAB/ID.
std::string kept_folder();
/// The deepest folder in which all that this run has kept lies.
std::string kept_folder(const results::Run& run);

/// In the grader: puts them there in one step, and takes them out of the record.
void keep_files(results::Record& record);

}  // namespace grade
