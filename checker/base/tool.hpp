// A tool of the system run on the course's own files: patch, the compiler. Never for a stranger's program.
#pragma once

#include <string>
#include <vector>

namespace base {

struct ToolRun {
  int status = 0;    ///< as waitpid(2) gives it
  std::string said;  ///< standard output and error together
};

/// Runs it with these words, its name the first, input from /dev/null, and waits for its end.
ToolRun run_tool(const std::vector<std::string>& words);

}  // namespace base
