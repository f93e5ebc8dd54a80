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
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"
#include "outside.hpp"

// What steady is told by. SIGCHLD comes from the kernel: the job has ended (or was stopped, or continued).
[[maybe_unused]] static const int the_five[] = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD};

// Runs in the child, and never returns: becomes the command, with the line as its last argument.
[[noreturn]] void become(const Words& command, const std::string& line) {
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
pid_t start(const Words& command, const std::string& line) {
  const pid_t steady = getpid();
  const pid_t job = must(fork(), "fork");
  if (job != 0) {
    // Parent and child both set it: whoever comes first, the group is there before anybody signals it.
    setpgid(job, job);
    return job;
  }
  // Given. The kernel kills the job when steady dies; and if it had died before that was asked for, the parent changed.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != steady) _exit(1);

  setpgid(0, 0);
  for (const int signal : the_five) std::signal(signal, SIG_DFL);
  sigset_t nothing;
  sigemptyset(&nothing);
  sigprocmask(SIG_SETMASK, &nothing, nullptr);
  must(dup2(must(open("/dev/null", O_RDONLY), "open /dev/null"), STDIN_FILENO), "dup2");
  must(close_range(3, ~0U, 0), "close_range");
  become(command, line);
}

// Which signals have come. A handler may run between any two instructions: it does as little as this.
static volatile sig_atomic_t came[NSIG];
void note(int signal) { came[signal] = 1; }

// Whether it has come since it was last asked for.
bool take(int signal) {
  const bool yes = came[signal] != 0;
  came[signal] = 0;
  return yes;
}

// Runs once, before `ready`: from now on the five are heard, whatever was inherited. Returns the mask to sleep with.
static sigset_t listen() {
  sigset_t five, while_asleep;
  sigemptyset(&five);
  for (const int signal : the_five) sigaddset(&five, signal);
  // Blocked from here on, so that none comes between a look and the sleep after it.
  sigprocmask(SIG_BLOCK, &five, &while_asleep);
  for (const int signal : the_five) sigdelset(&while_asleep, signal);
  struct sigaction action {};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  for (const int signal : the_five) sigaction(signal, &action, nullptr);
  return while_asleep;
}

// Sleeps until there is something to look at: a signal, the end of the job, or input where input is wanted.
void sleep_well(Lines& lines, bool busy, const sigset_t& mask) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const nfds_t listens = !busy && lines.wants_more() ? 1 : 0;
  // The mask is changed and the sleep begun in one step: a signal that is pending ends it at once.
  if (ppoll(&input, listens, nullptr, &mask) > 0) lines.fill();
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
    // The job in hand was begun and not ended. Until it has, the file stays: this steady may be killed as well.
    const auto left = state_.left();
    left ? begin("again", *left) : state_.forget();
    for (;;) {
      answer();
      if (busy()) finish();
      if (!busy() && stopping_) return 0;
      if (!busy())
        if (const auto line = lines_.next()) begin("start", *line);
      if (!busy() && lines_.ended()) return 0;
      sleep_well(lines_, busy(), mask);
    }
  }

 private:
  bool busy() const { return job_ != 0; }

  // A job begins: remembered first, so that no instant is left in which it runs and nobody would know.
  void begin(const std::string& how, const std::string& line) {
    if (!state_.remember(line)) {
      trouble(state_.path(), errno);
      std::exit(1);
    }
    line_ = line;
    say(how + " " + line);
    job_ = start(command_, line);
  }

  // Asks whether the job has ended, without waiting for it; if so, says how.
  void finish() {
    int status = 0;
    if (waitpid(job_, &status, WNOHANG) != job_) return;
    job_ = 0;
    ++ended_;
    state_.forget();
    say("end " + std::to_string(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)) + " " + line_);
  }

  // Answers every signal that has come since the last time.
  void answer() {
    if (take(SIGHUP)) reload();
    if (take(SIGUSR1)) report();
    // In this order: a SIGINT that came with the SIGTERM is the second word.
    if (take(SIGTERM)) stop();
    if (take(SIGINT)) stopping_ ? die() : stop();
  }

  // The next job runs with the new configuration, where that is usable.
  void reload() {
    const Words words = configuration(config_);
    if (!words.empty()) command_ = words;
    say(words.empty() ? "config kept" : "config");
  }

  void report() const {
    say("status " + std::to_string(ended_) + (busy() ? " busy " + line_ : " idle"));
  }

  // The first word. It may come more than once.
  void stop() {
    if (!stopping_) say("stopping");
    stopping_ = true;
  }

  // The second word: the job's group is killed, STATE stays, and the parent is to see what steady died of.
  void die() const {
    if (busy()) kill(-job_, SIGKILL);
    std::signal(SIGINT, SIG_DFL);
    raise(SIGINT);
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_UNBLOCK, &interrupt, nullptr);  // it dies here
  }

  std::string config_;
  State state_;
  Words command_;
  Lines lines_;
  pid_t job_ = 0;     // 0: idle
  std::string line_;  // the job's
  int ended_ = 0;
  bool stopping_ = false;
};

int main(int argc, char** argv) {
  if (argc != 3) {
    dprintf(STDERR_FILENO, "usage: steady CONFIG STATE\n");
    return 2;
  }
  return Steady(argv[1], argv[2]).run();
}
