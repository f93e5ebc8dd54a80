// steady - work through the lines of standard input, one job a line, and stop the way it is told to
//
//   $ echo sleep >config; ./steady config state
//   ready
//   60                    typed: a line is a job, here `sleep 60`
//   start 60
//   ^Cstopping            the first Ctrl-C: the job in hand goes on, and is the last
//   ^C                    the second: at once
//   $ cat state
//   60                    the next ./steady config state does that job again
//
// The handout is labs/04-shutdown/README.md.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

using Words = std::vector<std::string>;

// What steady is told by. SIGCHLD comes from the kernel: the job has ended (or was stopped, or continued).
[[maybe_unused]] static const int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

// Given. One event, one line, written at once and whole.
static void say(const std::string& event) {
  const std::string line = event + "\n";
  for (size_t done = 0; done < line.size();) {
    const ssize_t put = write(STDOUT_FILENO, line.data() + done, line.size() - done);
    if (put < 0 && errno == EINTR) continue;
    done += static_cast<size_t>(must(static_cast<int>(put), "write"));
  }
}

// Given. Says a refusal of the system on standard error.
static void trouble(const std::string& what, int why) {
  dprintf(STDERR_FILENO, "steady: %s: %s\n", what.c_str(), strerror(why));
}

// Given. The words of the file's first line. Empty when it cannot be read or has no word.
static Words configuration(const std::string& path) {
  std::ifstream file(path);
  std::string line, word;
  std::getline(file, line);
  std::istringstream text(line);
  Words words;
  while (text >> word) words.push_back(word);
  return words;
}

// Given. The file that holds the job in hand, for the next steady, should this one be killed.
class State {
 public:
  explicit State(std::string path) : path_(std::move(path)) {}

  // False where it cannot be written; errno says why. Written beside it, and then put in its place by rename(2): whenever
  // steady is killed, the old text is there or the new one, never none and never half of it.
  [[maybe_unused]] bool remember(const std::string& line) const {
    const std::string draft = path_ + ".new", text = line + "\n";
    const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return false;
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    return written && rename(draft.c_str(), path_.c_str()) == 0;
  }

  void forget() const { unlink(path_.c_str()); }

  // What an earlier steady had in hand. A file without its newline was not written to its end: nothing had begun.
  std::optional<std::string> left() const {
    std::ifstream file(path_);
    std::string line;
    if (!std::getline(file, line) || file.eof()) return std::nullopt;
    return line;
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Given. Standard input as lines.
class Lines {
 public:
  // One read(), which sleeps where nothing is there to read.
  void fill() {
    char bytes[4096];
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) ended_ = true;
    else text_.append(bytes, static_cast<size_t>(got));
  }

  // The next line, when it is complete. The last one needs no newline.
  std::optional<std::string> next() {
    const size_t end = text_.find('\n');
    if (end == std::string::npos && (!ended_ || text_.empty())) return std::nullopt;
    std::string line = text_.substr(0, end);
    text_.erase(0, end == std::string::npos ? end : end + 1);
    return line;
  }

  bool ended() const { return ended_ && text_.empty(); }
  bool wants_more() const { return !ended_ && text_.find('\n') == std::string::npos; }

 private:
  std::string text_;
  bool ended_ = false;
};

// Runs in the child, and never returns: becomes the command, with the line as its last argument.
[[noreturn, maybe_unused]] static void become(const Words& command, const std::string& line) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(const_cast<char*>(line.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  const int why = errno;
  trouble(argv[0], why);
  _exit(why == ENOENT ? 127 : 126);
}

// Runs in the parent: starts a job, and returns its pid.
[[maybe_unused]] static pid_t start(const Words& command, const std::string& line) {
  const pid_t steady = getpid();
  const pid_t job = must(fork(), "fork");
  if (job != 0) {
    // TODO 2: the job needs a process group of its own, from its first moment on. Who sets it: the parent or the child,
    //         or both? When may the call fail, and that is no trouble?
    return job;
  }
  // Given. The kernel kills the job when steady dies; and if it had died before that was asked for, the parent changed.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != steady) _exit(1);

  // TODO 2: what has this child inherited that a job must not have? Signals, standard input, other descriptors.
  become(command, line);
}

// Which signals have come. A handler may run between any two instructions: it does as little as this.
static volatile sig_atomic_t came[NSIG];
[[maybe_unused]] static void note(int signal) { came[signal] = 1; }

// Whether it has come since it was last asked for.
[[maybe_unused]] static bool take(int signal) {
  const bool yes = came[signal] != 0;
  came[signal] = 0;
  return yes;
}

// Runs once, before `ready`: from now on the five are heard, whatever was inherited. Returns the mask to sleep with.
static sigset_t listen() {
  sigset_t while_asleep;  // for now
  sigemptyset(&while_asleep);  // for now
  // TODO 3: which call names a handler, and which one keeps a signal waiting? What is done first, and from when on may
  //         the handler run?
  return while_asleep;
}

// Sleeps until there is something to look at: a signal, the end of the job, or input where input is wanted.
[[maybe_unused]] static void sleep_well(Lines& lines, bool busy, const sigset_t& mask) {
  // TODO 4: this sleep is enough for TODO 1, but hears of one thing only and of no signal. Which call waits for input,
  //         and lets the signals in for exactly as long as it sleeps? When is input not to be waited for?
  (void)mask;
  siginfo_t ended;  // for now
  if (busy) waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT);  // for now
  else lines.fill();  // for now
}

class Steady {
 public:
  Steady(std::string config, std::string state) : config_(std::move(config)), state_(std::move(state)) {}

  int run() {
    command_ = configuration(config_);
    if (command_.empty()) {
      dprintf(STDERR_FILENO, "steady: %s: cannot be read, or has no word\n", config_.c_str());
      return 1;
    }
    [[maybe_unused]] const sigset_t mask = listen();
    say("ready");
    // TODO 7: state_.left() is what an earlier steady had in hand. How long does the file have to stay?
    state_.forget();  // for now
    // TODO 1: the loop: answer, see whether the job has ended, begin the next, sleep. When is steady done?
    return 0;
  }

 private:
  bool busy() const { return job_ != 0; }

  // A job begins: remembered first, so that no instant is left in which it runs and nobody would know.
  [[maybe_unused]] void begin(const std::string& how, const std::string& line) {
    // TODO 1: remember the line (where that is refused: trouble() and exit status 1), say `how` and the line, start it.
    (void)how, (void)line;
  }

  // Asks whether the job has ended, without waiting for it; if so, says how.
  [[maybe_unused]] void finish() {
    // TODO 1: which call asks and does not sleep? What does a wait status say, and when is it 128 + n?
  }

  // Answers every signal that has come since the last time.
  void answer() {
    // TODO 5: take(SIGTERM), take(SIGINT): which of them asks first, and which asks again?
    // TODO 7: SIGHUP and SIGUSR1.
  }

  // The next job runs with the new configuration, where that is usable.
  [[maybe_unused]] void reload() {
    // TODO 7: when are they usable? Say `config` or `config kept`.
  }

  [[maybe_unused]] void report() const {
    // TODO 7: how many jobs have ended, and is one in hand?
  }

  // The first word. It may come more than once.
  [[maybe_unused]] void stop() {
    // TODO 5: say so once. What is still finished, and where is that decided?
  }

  // The second word: the job's group is killed, STATE stays, and the parent is to see what steady died of.
  [[maybe_unused]] void die() const {
    // TODO 6: who is killed besides the job, and what would kill(-0, ...) do where there is none? How does a process die
    //         *of* a signal that it handles and blocks?
  }

  std::string config_;
  State state_;
  Words command_;
  Lines lines_;
  pid_t job_ = 0;     // 0: idle
  std::string line_;  // the job's
  [[maybe_unused]] int ended_ = 0;
  [[maybe_unused]] bool stopping_ = false;
};

int main(int argc, char** argv) {
  if (argc != 3) {
    dprintf(STDERR_FILENO, "usage: steady CONFIG STATE\n");
    return 2;
  }
  return Steady(argv[1], argv[2]).run();
}
