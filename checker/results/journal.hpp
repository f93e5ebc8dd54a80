// results.json while a run is under way: written whole at its beginning, with every case not run, and whole at its end;
// in between each record is one line added to results.jsonl beside it. So whatever ends the grader, what it knew is
// kept, and no record costs more than its own line. Knows nothing of how a record comes about.
#pragma once

#include <string>

#include "base/fd.hpp"
#include "results/record.hpp"

namespace results {

class Journal {
 public:
  /// Writes `path` with the run as it is now, and begins the lines beside it. Makes the folder where there is none.
  /// Throws where that cannot be, and where something else than an ordinary file is there already: a device, a link.
  Journal(std::string path, const Run& run);
  /// Keeps one record that has come.
  void add(const Record& record);
  /// The whole run in one step (rename(2)); the lines are not needed any more.
  void finish(const Run& run);

 private:
  std::string path_;
  base::Fd lines_;
};

/// A run from `path`; where it was not finished, with the records that came before it ended. Throws where there is none.
Run load(const std::string& path);

}  // namespace results
