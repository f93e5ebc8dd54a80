// pipeline - run commands side by side, each one's output piped into the next one's input
//
//   $ ./pipeline ls : grep test.txt
//   test.txt
//   $ ./pipeline yes : head -n 1 ; echo $?
//   y
//   0
//
// The handout is labs/01-pipeline/README.md.
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

// One command with its arguments, as execvp() wants it: a null pointer at the end.
using Stage = std::vector<char*>;

// Splits the words at every ":". Empty when a stage has no command.
static std::vector<Stage> split(int argc, char** argv) {
  std::vector<Stage> stages(1);
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == ":") stages.emplace_back();
    else stages.back().push_back(argv[i]);
  }
  for (Stage& stage : stages) {
    if (stage.empty()) return {};
    stage.push_back(nullptr);
  }
  return stages;
}

// Says a refusal of the system on standard error, once and in one piece.
static void complain(const char* what, const char* why) { dprintf(STDERR_FILENO, "pipeline: %s: %s\n", what, why); }

// Runs in the child, and never returns: becomes the command.
[[noreturn]] static void become(const Stage& stage) {
  // TODO 1: which call replaces this process by a command that is looked for in PATH? What if it comes back?
  (void)stage;
  _exit(0);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid.
static pid_t start(const Stage& stage, int input, int output) {
  // TODO 2: make the child, and give it its two ends as descriptors 0 and 1. Which copies must it not keep?
  (void)stage, (void)input, (void)output, (void)become;
  return -1;
}

// Runs in the parent, after every stage has been started: waits for all of them. Returns what the last one ended with.
static int collect(const std::vector<pid_t>& pids) {
  // TODO 5: wait for every one of them. What does a wait status say, and when is it 128 + n?
  (void)pids;
  return 0;
}

int main(int argc, char** argv) {
  const std::vector<Stage> stages = split(argc, argv);
  if (stages.empty()) {
    dprintf(STDERR_FILENO, "usage: pipeline CMD [ARG...] [: CMD [ARG...]]...\n");
    return 2;
  }
  (void)complain, (void)start;

  std::vector<pid_t> pids;
  for (size_t i = 0; i < stages.size(); ++i) {
    // TODO 3: every stage but the last needs a pipe. What does it read from, what does it write to?
    // TODO 4: which ends does this process still have after the stage has started, and who needs them now?
  }
  return collect(pids);
}
