// What is known of one case after it was graded, and of the run that graded it: the one thing from which every report
// is derived. Data only; json.hpp writes and reads it, journal.hpp keeps it safe while it comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace results {

enum class Result {
  not_run,
  passed,
  failed,
  skipped,          ///< a case it needs has not passed, and the program has burnt its budget too often to be tried again
  not_attempted,    ///< a stretch goal that the program does not know
  could_not_check,  ///< the grader's trouble, never the student's
  follows,          ///< failed, and so did a case it needs: probably for the same reason
};

/// "failed", "could not be checked".
std::string name_of(Result result);

/// What a failure rests on.
enum class Ground {
  none,             ///< no failure
  differs,          ///< the program did something else
  ended,            ///< it ended first
  waits_for_check,  ///< it waits for what the check has not given
  stuck,            ///< nothing in the room can move any more
  spent,            ///< the budget was used up
  not_built,        ///< there is no program
};

std::string name_of(Ground ground);

/// What the check did, or saw, with the milliseconds since its room was entered.
struct Event {
  double ms = 0;
  std::string what;
  bool done_by_check = false;  ///< an act of the check, not something it saw
};

/// How a process ended (waitpid(2)).
struct Ended {
  int status = 0;  ///< exit status, or the signal's number
  bool by_signal = false;
};

/// What a wait of the check may use: seconds of CPU of all programs, seconds of the wall clock.
struct Budget {
  double cpu = 0, wall = 0;
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
  Ground ground = Ground::none;
  std::optional<Ended> ended;                  ///< how the process it is about ended, where that matters
  std::vector<std::string> missing, too_many;  ///< what of a set was not there, or should not have been
  std::vector<std::string> lines;              ///< processes, and who has which end
  std::vector<std::string> diagnoses;          ///< ids of the catalogue, the likeliest first
  std::string hint;
  std::vector<std::string> todos;  ///< "TODO 3 in redirect.cpp": what this case asks for, and the source has not begun
  /// The lab's mechanism was left to something else: what does it, as the end of a sentence. Empty: it was not.
  std::string instead;
  /// The last calls of its programs, where it was run once more below strace; and whether it passed then.
  std::vector<std::string> calls;
  bool passed_traced = false;
  std::string by_hand;  ///< the line that runs the program in a shell
  std::vector<Event> log;

  std::string started;  ///< UTC, as ISO 8601 has it; empty where it was not run
  double ms = 0;        ///< how long it took
  std::uint32_t seed = 0;  ///< what its words and numbers were drawn from
  Budget budget;
  /// Name and bytes of the files in the room, where they are to be kept; never written to results.json.
  std::vector<std::pair<std::string, std::string>> files;

  int earned() const { return result == Result::passed ? points : 0; }
};

struct Run {
  std::string tree;  ///< the folder that was graded, as it was named
  std::string rung, rung_why;
  std::string kernel, machine;  ///< uname(2): release, machine
  std::string compiler;
  std::string course, checker;  ///< the course's version; the checker's build id
  std::string started;          ///< UTC, as ISO 8601 has it
  double ms = 0;
  double patience = 1;                ///< the factor on budgets of CPU: what was asked for, times how slow the machine is
  std::optional<std::uint32_t> seed;  ///< what its checks' own seeds come from; none: each has the same one each time
  bool interrupted = false;           ///< by a signal, before all was run; not written to results.json
  std::vector<std::string> warnings;  ///< of the compiler, in the student's files: "01-pipeline/pipeline.cpp:7:3: warning: ..."
  std::vector<Record> records;
};

/// This moment, as ISO 8601 has it: "2026-01-31T12:00:00.123Z".
std::string now();

}  // namespace results
