// pipeline - run commands side by side, each one's output piped into the next one's input
//
//   $ ./pipeline ls : grep test.txt
//   test.txt
//   $ ./pipeline yes : head -n 1 ; echo $?
//   y
//   0
//
// The handout is labs/01-pipeline/README.md.
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

// One command with its arguments, as execvp() wants it: a null pointer at the end.
using Stage = std::vector<char*>;

// Given. Splits the words at every ":". Empty when a stage has no command.
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

// Given. Whatever this program inherited: 0, 1 and 2 are taken, so that pipe() hands out none of them, and SIGPIPE
// and SIGCHLD do what they do by default.
static void start_clean() {
  int fd = 0;
  while (fd <= 2) fd = must(open("/dev/null", O_RDWR), "open /dev/null");
  close(fd);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGCHLD, SIG_DFL);
}

// Given. Says a refusal of the system on standard error, once and in one piece.
[[maybe_unused]] static void complain(const char* what, int why) {
  dprintf(STDERR_FILENO, "pipeline: %s: %s\n", what, strerror(why));
}

// Runs in the child, and never returns: becomes the command.
[[noreturn, maybe_unused]] static void become(const Stage& stage) {
  // TODO 1: which call replaces this process by a command that is looked for in PATH? What if it comes back?
  (void)stage;
  _exit(0);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid, or -1.
[[maybe_unused]] static pid_t start(const Stage& stage, int input, int output) {
  // TODO 2: make the child, and put its two ends at 0 and 1. Which other descriptors would it keep?
  (void)stage, (void)input, (void)output;
  return -1;
}

// Runs in the parent, after every stage has been started: waits for all of them. Returns what the last one ended with.
static int collect(const std::vector<pid_t>& pids) {
  // TODO 3: wait for every one of them. What does a wait status say, and when is it 128 + n?
  (void)pids;
  return 0;
}

int main(int argc, char** argv) {
  const std::vector<Stage> stages = split(argc, argv);
  if (stages.empty()) {
    dprintf(STDERR_FILENO, "usage: pipeline CMD [ARG...] [: CMD [ARG...]]...\n");
    return 2;
  }
  start_clean();

  std::vector<pid_t> pids;
  // TODO 4: start every stage. All but the last need a pipe: which end does this one write to, and which end does the
  //         next one read from?
  // TODO 5: which ends does this process itself still have after a stage has started, and who is fooled by them?

  // Given. Where the system refused a pipe or a process, what was started is brought to its end all the same.
  const int status = collect(pids);
  return pids.size() < stages.size() ? 125 : status;
}
