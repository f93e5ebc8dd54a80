// The labs of the course: their one key, NN-name, and where they lie. Nothing is registered: a lab is a folder
// labs/NN-name, and each of its programs is a .cpp in it.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace course {

/// The key of a lab: the name of its folders everywhere.
class Lab {
 public:
  /// Throws std::invalid_argument for a text that is not of the form NN-name.
  explicit Lab(std::string key);
  static bool is_key(const std::string& text);

  /// "01-pipeline", "01", "pipeline".
  const std::string& key() const { return key_; }
  std::string number() const { return key_.substr(0, 2); }
  std::string name() const { return key_.substr(3); }

  auto operator<=>(const Lab&) const = default;

 private:
  std::string key_;
};

/// The folder that holds labs/ and checker/: IPCLAB_HOME, or the current folder. Throws where it does not.
std::string course_folder();

/// Where everything that is made lies: IPCLAB_BUILD, or build/ in the course's folder.
std::string build_folder();

/// Every labs/NN-name, in order.
std::vector<Lab> all_labs();

/// The labs a person means: "01", "1", "pipeline", "01-pipeline"; all of them for "". Empty when there is no such lab.
std::vector<Lab> labs_named(const std::string& wanted);

/// "01-pipeline, 03-signals".
std::string listed(const std::vector<Lab>& labs);

/// The programs of a lab: one for each labs/NN-name/*.cpp.
std::vector<std::string> programs_of(const Lab& lab);

}  // namespace course
