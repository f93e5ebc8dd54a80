// A wrong program and what must become of it: faults/NN-name/*.patch (on the solution) or *.cpp (another program).
// Its first lines say which checks it fails, no more and no fewer, and which diagnoses they draw:
//
//   Fails: end-of-file capacity
//   Draws: pipe/write-end-kept-open            (left out where no entry of the catalogue applies)
//   Hears: replaces the whole mask             (words of the hint that one failure gets, where a check says it itself)
#pragma once

#include <string>
#include <vector>

#include "course/lab.hpp"

namespace course {

struct Fault {
  std::string name;  ///< "write-end-kept", the file's name
  std::string path;
  std::vector<std::string> fails;
  std::vector<std::string> draws;
  std::string hears;
};

/// All faults of a lab, in order. Throws std::runtime_error on a file without a `Fails:` line.
std::vector<Fault> faults_of(const Lab& lab);

/// All right programs written another way: variants/NN-name/*.patch or *.cpp.
std::vector<std::string> variants_of(const Lab& lab);

/// Makes `tree`/NN-name from the solution and a patch or program. Throws with patch's message when it does not apply
/// exactly. A .cpp replaces the program of its `// Program: name` line, or the lab's only one.
void build_tree(const Lab& lab, const std::string& change, const std::string& tree);

}  // namespace course
