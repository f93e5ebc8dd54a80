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
  if (option == "--pipefail") return options.pipefail = true;
  if (option == "--time") return options.time = true;
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
  execvp(stage[0], stage.data());
  const int why = errno;  // complain() may change it
  complain(stage[0], why);
  _exit(why == ENOENT ? 127 : 126);
}

// Runs in the parent: starts one stage that reads from `input` and writes to `output`. Returns its pid, or -1.
static pid_t start(const Stage& stage, int input, int output) {
  const pid_t pid = fork();
  if (pid < 0) complain("fork", errno);
  if (pid != 0) return pid;
  // The copies that dup2() makes survive exec; the originals are close-on-exec and go.
  if (input != 0) must(dup2(input, 0), "dup2");
  if (output != 1) must(dup2(output, 1), "dup2");
  become(stage);
}

// Runs in the parent, when every stage has been started: waits for all of them, and notes how each one ended.
static void collect(std::vector<Child>& children) {
  for (size_t left = children.size(); left > 0;) {
    int word = 0;
    rusage used{};
    const pid_t pid = wait4(-1, &word, 0, &used);
    if (pid < 0 && errno != EINTR) return;
    // In whatever order they end: only so can --time tell when each one did.
    for (Child& child : children) {
      if (child.pid != pid) continue;
      child.status = WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
      child.ended = seconds();
      child.used = used;
      --left;
    }
  }
}

// Runs in the parent, when all have ended: what the whole pipeline ends with.
static int verdict(const std::vector<Child>& children, [[maybe_unused]] const Options& options) {
  if (options.pipefail)
    for (size_t i = children.size(); i-- > 0;)
      if (children[i].status != 0) return children[i].status;
  return children.back().status;
}

// Runs in the parent, when all have ended: one line for each stage on standard error.
static void report(const std::vector<Stage>& stages, const std::vector<Child>& children) {
  const auto in_seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  for (size_t i = 0; i < children.size(); ++i)
    dprintf(STDERR_FILENO, "%s: %.3f s elapsed, %.3f s user, %.3f s system\n", stages[i][0],
            children[i].ended - children[i].started, in_seconds(children[i].used.ru_utime), in_seconds(children[i].used.ru_stime));
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
    const bool piped = &stage != &stages.back();
    if (piped && pipe2(ends, O_CLOEXEC) < 0) {
      complain("pipe", errno);
      break;
    }
    const double started = seconds();
    const pid_t pid = start(stage, input, ends[1]);
    // The child has its copies. Ours would keep the pipe alive: its reader would wait for ever.
    if (input != 0) close(input);
    if (piped) close(ends[1]);
    input = ends[0];
    if (pid < 0) break;
    children.push_back({pid, 0, started});
  }
  if (input != 0) close(input);  // after a refusal: the stage before it now gets SIGPIPE

  // Given. Where the system refused a pipe or a process, those that run are waited for all the same.
  collect(children);
  if (options.time) report(stages, children);
  return children.size() < stages.size() ? 125 : verdict(children, options);
}
