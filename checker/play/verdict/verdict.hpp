// What a check learns: true, or false with one sentence and the evidence behind it.
// Evidence carries facts beside the sentence: who asks for more than the sentence asks the facts, and never takes words
// apart. doctest sees the sentence only; the evidence of a failed CHECK goes to the record (check.hpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "play/testbed/started.hpp"

namespace play {

struct Evidence {
  std::string expected;                     ///< "it exits with 0": the end of "expected that ..."
  std::string actual;                       ///< "it is stuck: nothing here can ever wake it"
  std::vector<std::string> lines = {};      ///< what the processes are doing, what was printed
  std::vector<std::string> diagnoses = {};  ///< ids of the catalogue, the likeliest first
  /// In what way it did not come: it did something else, it ended first, it waits for the check, it cannot go on, or the
  /// budget was spent.
  enum class Kind { differs, ended, waits_for_check, stuck, spent } kind = Kind::differs;
  std::optional<Ending> ending = {};                ///< how the process it is about has ended, if it has
  std::vector<std::string> missing = {};            ///< what of a set should have been there: signals, descriptors
  std::vector<std::string> too_many = {};           ///< what of a set should not have been
  bool shows_in_a_shell = false;  ///< it is about what was printed, how it ended, or a file: not about what only the kernel says
  std::string hint = {};                            ///< what to do about exactly this; empty: what the case says
};

class [[nodiscard]] Verdict {
 public:
  static Verdict yes() { return Verdict(true, {}); }
  /// Where it is so; else it did something else.
  static Verdict yes_if(bool so, std::string expected, std::string actual, std::vector<std::string> lines = {}) {
    return so ? yes() : no(std::move(expected), std::move(actual), std::move(lines));
  }
  static Verdict no(Evidence evidence) { return Verdict(false, std::move(evidence)); }
  /// It did something else.
  static Verdict no(std::string expected, std::string actual, std::vector<std::string> lines = {}) {
    return no(Evidence{std::move(expected), std::move(actual), std::move(lines)});
  }

  explicit operator bool() const { return passed_; }
  bool passed() const { return passed_; }
  /// CHECK_FALSE and ! would fail without a sentence.
  void operator!() const = delete;

  /// If it failed by doing something else, or by waiting for what the check will not give before, and the kernel names
  /// no cause, this entry of the catalogue explains it. A hang or an early end is never explained so: it may have any
  /// cause. `marked`: whether what came bears the mark of that one mistake.
  Verdict means(const std::string& diagnosis, bool marked = true) &&;
  /// If it failed, in whatever way, this entry explains it: for a check that has looked at the evidence itself.
  Verdict is_explained_by(const std::string& diagnosis, bool marked = true) &&;
  /// The same, whatever entries were named before: what the kernel shows goes before what is likely.
  Verdict is_caused_by(const std::string& diagnosis, bool marked = true) &&;
  /// If it failed: what to do about it, in place of the case's own hint. A diagnosis with a hint of its own goes first.
  Verdict hints(const std::string& hint, bool marked = true) &&;
  /// If it failed: what the student cannot see comes first, "here SIGHUP was ignored". Empty is nothing to say.
  Verdict where(const std::string& known) &&;
  /// If it failed, whatever everyone waits for now: for what the kernel has shown already, that it has not come is a
  /// finding of its own. `actual` takes the place of what was said; empty keeps it.
  Verdict is_a_finding(const std::string& actual = {}) &&;

  const Evidence& evidence() const { return evidence_; }
  bool failed_by(Evidence::Kind kind) const { return !passed_ && evidence_.kind == kind; }
  /// It failed, and the process it is about was ended by a signal: by this one, or by any.
  bool ended_by(int signal) const;
  bool ended_by_a_signal() const { return !passed_ && evidence_.ending && evidence_.ending->by_signal; }
  /// It failed, and the process it is about ended by itself with this status.
  bool ended_with(int status) const;
  std::string sentence() const { return "expected that " + evidence_.expected + ", but " + evidence_.actual; }

 private:
  Verdict(bool passed, Evidence evidence) : passed_(passed), evidence_(std::move(evidence)) {}
  bool passed_;
  Evidence evidence_;
};

}  // namespace play
