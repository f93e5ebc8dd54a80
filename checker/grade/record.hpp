// What is known of one case after it was graded: the one thing from which every report is derived.
#pragma once

#include <string>
#include <vector>

namespace grade {

enum class Result {
  not_run,
  passed,
  failed,
  skipped,          ///< a case it needs has not passed
  not_attempted,    ///< a stretch goal that the program does not know
  could_not_check,  ///< the grader's trouble, never the student's
};

std::string name_of(Result result);

/// `expected` of every case of a lab whose program could not be built.
constexpr const char* not_built_expected = "the program can be built";

struct Event {
  double ms = 0;
  std::string what;
};

struct Record {
  std::string lab;
  std::string id;
  std::string title;
  int number = 0;  ///< for display only
  int points = 0;
  bool stretch = false;  ///< on top of the 100: counts neither for the points nor for the exit status
  std::vector<std::string> needs;
  Result result = Result::not_run;
  std::string expected, actual;
  std::vector<std::string> lines;      ///< processes, and who holds what
  std::vector<std::string> diagnoses;  ///< ids of the catalogue
  std::string hint;
  std::string by_hand;
  std::vector<Event> log;
  double ms = 0;
  std::vector<std::pair<std::string, std::string>>
      files;  ///< name and bytes, where they are to be kept; never written to results.json

  int earned() const { return result == Result::passed ? points : 0; }
};

/// With its files, for the way from a check's process to the grader.
std::string pack(const Record& record);
/// Throws std::runtime_error when it is not a record.
Record unpack(const std::string& packed);

struct Run {
  std::string tree;
  std::string rung, rung_why;
  std::vector<Record> records;
};

/// The whole run as results.json has it, version 1.
std::string to_json(const Run& run);

}  // namespace grade
