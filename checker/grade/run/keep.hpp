// KEEP=yes: what a check left in its folder, with a timeline, where a person can look at it afterwards.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "results/record.hpp"

namespace grade {

/// In the check's process: name and bytes of the ordinary files in its working folder, a megabyte of each at most.
std::vector<std::pair<std::string, std::string>> files_here();

/// With `keep`, each check's files and timeline stay in this folder, below LAB/ID.
std::string kept_folder();

/// In the grader: puts them there, and takes them out of the record.
void keep_files(results::Record& record);

}  // namespace grade
