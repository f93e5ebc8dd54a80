// Classroom 50's result.json, schema classroom50/result/v1: whole points, and what the platform says of the submission, as it says
// it in the environment of an autograder. The runner writes owner, kind and times anew. The format has no word for a check
// that could not be done: for that whoever writes the file must end with another status than 0 (Exported::trouble).
#pragma once

#include <string>

#include "results/record.hpp"

namespace tell::formats {

/// The environment variable that each one comes from is beside it.
struct Submission {
  std::string classroom;   ///< CLASSROOM
  std::string assignment;  ///< ASSIGNMENT
  std::string kind;        ///< ASSIGNMENT_TYPE: "individual", "group"; empty means the first
  std::string owner;       ///< OWNER, or USERNAME
  std::string tag;         ///< SUBMISSION_TAG: "submit/..."
  std::string commit;      ///< COMMIT_URL
  std::string release;     ///< RELEASE_URL
  std::string review;      ///< REVIEW_URL; empty means that it is the commit
};

/// Throws std::runtime_error, naming the variables, where something is missing or cannot be right.
std::string classroom50(const results::Run& run, const Submission& submission);

}  // namespace tell::formats
