// The catalogue of mistakes: what is known of each diagnosis. Nothing is registered: an entry is a file
// checker/catalogue/kind/name.md, and its id is kind/name.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace course {

/// One entry of the catalogue of mistakes.
struct Diagnosis {
  std::string id;
  std::string title;
  std::string hint;
  std::string manual;  ///< "man 7 pipe"
  /// Where this mistake lets something else do what the lab is about: what does it, as the end of a sentence.
  std::string instead;
  std::string text;    ///< the paragraph and the picture
};

/// Nothing where the catalogue has no such entry.
std::optional<Diagnosis> diagnosis(const std::string& id);
std::vector<std::string> all_diagnoses();

}  // namespace course
