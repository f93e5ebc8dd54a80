// What a check learns: true, or false with one sentence and the evidence behind it.
// The evidence travels beside the sentence, into the record; doctest sees the sentence only.
#pragma once

#include <string>
#include <vector>

namespace play {

struct Evidence {
  std::string expected;                ///< "it exits with 0": the end of "expected that ..."
  std::string actual;                  ///< "it is stuck: nothing here can ever wake it"
  std::vector<std::string> lines;      ///< what the processes are doing, what was printed
  std::vector<std::string> diagnoses;  ///< ids of the catalogue, the likeliest first
  std::string by_hand;                 ///< the line that runs the program in a shell
  /// In what way it did not come: it did something else, it ended first, it waits for the check, or it cannot go on.
  enum class Kind { differs, ended, waits_for_check, stuck, spent } kind = Kind::differs;
};

class [[nodiscard]] Verdict {
 public:
  static Verdict yes() { return Verdict(true, {}); }
  static Verdict no(Evidence evidence) { return Verdict(false, std::move(evidence)); }

  /// A failed verdict that is asked remembers its evidence for the record.
  explicit operator bool() const;
  /// The same without remembering it.
  bool holds() const { return holds_; }
  /// CHECK_FALSE and ! would fail without a sentence.
  void operator!() const = delete;

  /// If it failed by doing something else, or by waiting for what the check will not give before, and the kernel names
  /// no cause, this entry of the catalogue explains it. A hang or an early end is never explained so: it may have any
  /// cause.
  Verdict means(const std::string& diagnosis) &&;
  /// If it failed, in whatever way, this entry explains it: for a check that has looked at the evidence itself.
  Verdict is_explained_by(const std::string& diagnosis) &&;

  /// If it failed: what the student cannot see is told first, "here SIGHUP was ignored". Empty is nothing to tell.
  Verdict where(const std::string& known) &&;

  const Evidence& evidence() const { return evidence_; }
  std::string sentence() const { return "expected that " + evidence_.expected + ", but " + evidence_.actual; }

 private:
  Verdict(bool holds, Evidence evidence) : holds_(holds), evidence_(std::move(evidence)) {}
  bool holds_;
  Evidence evidence_;
};

/// The evidence of the last failed verdict that was asked; null when none has failed.
const Evidence* last_failure();
void forget_failure();

}  // namespace play
