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
  execvp(stage[0], stage.data());
  const int why = errno;  // complain() may change it
  complain(stage[0], strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid.
static pid_t start(const Stage& stage, int input, int output) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  if (input != 0) must(dup2(input, 0), "dup2");
  if (output != 1) must(dup2(output, 1), "dup2");
  // Every other copy goes: this stage's own second copies, and whatever pipeline itself inherited.
  close_range(3, ~0U, 0);
  become(stage);
}

// Runs in the parent, after every stage has been started: waits for all of them. Returns what the last one ended with.
static int collect(const std::vector<pid_t>& pids) {
  int status = 0;
  for (const pid_t pid : pids)
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char** argv) {
  const std::vector<Stage> stages = split(argc, argv);
  if (stages.empty()) {
    dprintf(STDERR_FILENO, "usage: pipeline CMD [ARG...] [: CMD [ARG...]]...\n");
    return 2;
  }

  std::vector<pid_t> pids;
  int input = 0;
  for (size_t i = 0; i < stages.size(); ++i) {
    const bool last = i + 1 == stages.size();
    int ends[2] = {-1, 1};
    if (!last && pipe2(ends, O_CLOEXEC) < 0) {
      complain("pipe", strerror(errno));
      break;
    }
    const pid_t pid = start(stages[i], input, ends[1]);
    if (pid < 0) complain("fork", strerror(errno));
    // The child has its copies. One that stays here would keep its pipe alive.
    if (input != 0) close(input);
    if (!last) close(ends[1]);
    input = ends[0];
    if (pid < 0) break;
    pids.push_back(pid);
  }
  // Whoever was started before a refusal now meets end-of-file or SIGPIPE, and ends.
  const bool refused = pids.size() < stages.size();
  if (refused && input > 0) close(input);
  const int status = collect(pids);
  return refused ? 125 : status;
}
