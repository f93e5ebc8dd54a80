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
  execvp(stage[0], stage.data());
  const int why = errno;  // complain() may change it
  complain(stage[0], why);
  _exit(why == ENOENT ? 127 : 126);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid, or -1.
[[maybe_unused]] static pid_t start(const Stage& stage, int input, int output) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  // The copies that dup2() makes survive exec; the originals are close-on-exec and go.
  if (input != 0) must(dup2(input, 0), "dup2");
  if (output != 1) must(dup2(output, 1), "dup2");
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
  start_clean();

  std::vector<pid_t> pids;
  int input = 0;  // what the next stage reads: our own input, then the read end of the pipe before it
  for (size_t i = 0; i < stages.size(); ++i) {
    int ends[2] = {0, 1};  // the last stage writes to our own output
    const bool piped = i + 1 < stages.size();
    if (piped && pipe2(ends, O_CLOEXEC) < 0) {
      complain("pipe", errno);
      break;
    }
    const pid_t pid = start(stages[i], input, ends[1]);
    if (pid < 0) complain("fork", errno);
    else pids.push_back(pid);
    // The child has its copies. Ours would keep the pipe alive: its reader would wait for ever.
    if (input != 0) close(input);
    if (piped) close(ends[1]);
    input = ends[0];
    if (pid < 0) break;
  }
  if (input != 0) close(input);  // after a refusal: the stage before it now gets SIGPIPE

  // Given. Where the system refused a pipe or a process, what was started is brought to its end all the same.
  const int status = collect(pids);
  return pids.size() < stages.size() ? 125 : status;
}
