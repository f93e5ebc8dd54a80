#include "base/tool.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace base {

ToolRun run_tool(const std::vector<std::string>& words) {
  base::Pipe said = base::make_pipe();
  // Before fork: thrown in the child, an exception would make a second checker of it.
  const base::Fd nothing = base::open_file("/dev/null", O_RDONLY);
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = base::must(fork(), "fork");
  if (child == 0) {
    dup2(nothing.get(), 0);
    dup2(said.write_end.get(), 1);
    dup2(said.write_end.get(), 2);
    // Whoever holds signals back while it waits does not hold them back from the tool.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  said.write_end.reset();
  ToolRun run;
  run.said = base::read_all(said.read_end.get());
  base::must(waitpid(child, &run.status, 0), "waitpid");
  return run;
}

}  // namespace base
