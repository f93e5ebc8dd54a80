// pipeline - run commands side by side, each one's output piped into the next one's input
//
//   $ ./pipeline ls : grep test.txt
//   test.txt
//   $ ./pipeline yes : head -n 1 ; echo $?
//   y
//   0
//
// The handout is labs/01-pipeline/README.md.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

// One command with its arguments, as execvp() wants it: a null pointer at the end.
using Stage = std::vector<char*>;

// One stage that was started.
struct Child {
  pid_t pid;
  int status = 0;      // filled in when it has ended: its exit status, or 128 + n after signal n
  double started = 0;  // seconds(), for --time
  double ended = 0;
  rusage used{};  // getrusage(2)
};

struct Options {
  bool pipefail = false, time = false;
};

// The options this program knows.
static bool know(const std::string& option, [[maybe_unused]] Options& options) {
  // TODO 6 (stretch): --pipefail, and 7: --time. An option that is not known here gets the usage line.
  (void)option;
  return false;
}

// Given. Splits the words at every ":". Empty when a stage has no command, or when an option is not known.
static std::vector<Stage> split(int argc, char** argv, Options& options) {
  int i = 1;
  for (; i < argc && std::string(argv[i]).starts_with("--"); ++i)
    if (!know(argv[i], options)) return {};
  std::vector<Stage> stages(1);
  for (; i < argc; ++i) {
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
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigprocmask(SIG_UNBLOCK, &pipe_signal, nullptr);
}

// Given. Says why something failed on standard error, once and in one piece.
[[maybe_unused]] static void complain(const char* what, int why) {
  dprintf(STDERR_FILENO, "pipeline: %s: %s\n", what, strerror(why));
}

// Given. A clock that only goes forward.
static double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Runs in the child, and never returns: becomes the command.
[[noreturn, maybe_unused]] static void become(const Stage& stage) {
  // TODO 1: which call replaces this process by a command that is looked for in PATH? What if that call comes back?
  (void)stage;
  _exit(0);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid, or -1.
static pid_t start(const Stage& stage, int input, int output) {
  // TODO 1: a child that becomes the command, while the parent goes on. What does fork(2) return to whom?
  // TODO 3: in the child, first: how do `input` and `output` get to 0 and 1? Which other descriptors would exec keep?
  (void)stage, (void)input, (void)output;
  return -1;
}

// Runs in the parent, when every stage has been started: waits for all of them, and notes how each one ended.
static void collect(std::vector<Child>& children) {
  // TODO 2: wait for every one of them. What is in a wait status, and what does a shell make of a signal?
  (void)children;
}

// Runs in the parent, when all have ended: what the whole pipeline ends with.
static int verdict(const std::vector<Child>& children, [[maybe_unused]] const Options& options) {
  // TODO 6 (stretch): with --pipefail, which stage decides?
  return children.back().status;
}

// Runs in the parent, when all have ended: one line for each stage on standard error.
static void report(const std::vector<Stage>& stages, const std::vector<Child>& children) {
  // TODO 7 (stretch): NAME: 0.012 s elapsed, 0.004 s user, 0.002 s system. Which kind of wait tells what a child has used?
  (void)stages, (void)children;
}

int main(int argc, char** argv) {
  Options options;
  const std::vector<Stage> stages = split(argc, argv, options);
  if (stages.empty()) {
    dprintf(STDERR_FILENO, "usage: pipeline [OPTION...] CMD [ARG...] [: CMD [ARG...]]...\n");
    return 2;
  }
  start_clean();

  std::vector<Child> children;
  int input = 0;  // what the next stage reads: our own input, then the read end of the pipe before it
  for (const Stage& stage : stages) {
    int ends[2] = {0, 1};  // for the last stage, which writes to our own output
    // TODO 3: every stage but the last writes into a pipe. Which of its two ends? And if the system refuses it?
    const double started = seconds();
    const pid_t pid = start(stage, input, ends[1]);
    // TODO 4: the child has its copies. Which ends does this process still have, and who is fooled by them?
    input = ends[0];
    if (pid < 0) break;
    children.push_back({pid, 0, started});
  }
  // TODO 5: after a refusal, one end may still be open here. Which one, and who waits because of it?

  // Given. Where the system refused a pipe or a process, those that run are waited for all the same.
  collect(children);
  if (options.time) report(stages, children);
  return children.size() < stages.size() ? 125 : verdict(children, options);
}
