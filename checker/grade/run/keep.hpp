// KEEP=yes: what a check left in its folder, with a timeline, where a person can look at it afterwards. What cannot be kept is
// a line of the timeline: keeping is a service, and never ends a run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "results/record.hpp"

namespace grade {

/// In the check's process: takes the ordinary files of its working folder into the record, a megabyte of each at most. Those
/// that the check had put there are `given`, and are kept below given/ too, as they were.
void take_files(results::Record& record, const std::vector<std::pair<std::string, std::string>>& given);

/// With `keep`, each check's files and timeline stay in this folder, below LAB/ID.
std::string kept_folder();
/// Where the files lie that a check had put into its folder before it started anything.
std::string given_folder(const std::string& lab, const std::string& id);
/// The deepest folder in which all that this run has kept lies.
std::string kept_folder(const results::Run& run);

/// In the grader: puts them there in one step, and takes them out of the record.
void keep_files(results::Record& record);

}  // namespace grade
