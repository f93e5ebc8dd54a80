// The course's folders: which labs there are, which programs each has, what the catalogue says of a diagnosis.
// Nothing is registered: a lab is a folder labs/NN-name, a diagnosis is a file catalogue/kind/name.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "room/furnish.hpp"

namespace grade {

/// The folder that holds labs/ and checker/: IPCLAB_HOME, or the current folder. Throws where it does not.
std::string course_folder();

/// Where everything that is made lies: IPCLAB_BUILD, or build/ in the course's folder.
std::string build_folder();

/// "01-pipeline" ...: every labs/NN-name, in order.
std::vector<std::string> all_labs();

/// The labs a person means: "01", "1", "pipeline", "01-pipeline"; all of them for "". Empty when there is no such lab.
std::vector<std::string> labs_named(const std::string& wanted);

/// The programs of a lab: one for each labs/NN-name/*.cpp.
std::vector<std::string> programs_of(const std::string& lab);

/// What the course itself brings into every room: the gate, the leader, the library that watches handlers. Throws where
/// it was not built.
std::vector<room::Installed> own_programs();

/// One entry of the catalogue of mistakes.
struct Diagnosis {
  std::string id;
  std::string title;
  std::string hint;
  std::string manual;  ///< "man 7 pipe"
  std::string text;    ///< the paragraph and the picture
};
std::optional<Diagnosis> diagnosis(const std::string& id);
std::vector<std::string> all_diagnoses();

}  // namespace grade
