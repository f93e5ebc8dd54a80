// What is to be graded of a class: a job a student and lab, with a key made of everything that its result depends on. A result that was
// made under the same key is not made again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "class/people.hpp"

namespace intake {

struct Job {
  std::string student;  ///< Student::key
  std::string lab;
  std::uint32_t seed;  ///< what its checks vary: nobody can work it out without the class's secret
  std::string key;     ///< SHA-256
};

/// What results are made with: the checker, the compiler, the kernel, the rung. One line.
using Tools = std::string;

/// `secret`: of the instructor's, the same for each grading of the class.
std::vector<Job> jobs_of(const Class& all, const Tools& tools, const std::string& secret);

/// Where a job's results lie, without an ending: .json is the record, .txt the report, .key what it was made under.
std::string results_of(const std::string& work, const std::string& student, const std::string& lab);

/// Whether its result is there, made under its key.
bool is_done(const std::string& work, const Job& job);

/// WORK/secret, drawn where there is none yet.
std::string secret_of(const std::string& work);

}  // namespace intake
