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
void note(int signal) { came[signal] = 1; }

// Whether it has come since it was last asked for.
bool take(int signal) {
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
void sleep_well(Lines& lines, bool busy, const sigset_t& mask) {
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
  void begin(const std::string& how, const std::string& line) {
    // TODO 1: remember the line (where that is refused: trouble() and exit status 1), say `how` and the line, start it.
    (void)how, (void)line;
  }

  // Asks whether the job has ended, without waiting for it; if so, says how.
  void finish() {
    // TODO 1: which call asks and does not sleep? What does a wait status say, and when is it 128 + n?
  }

  // Answers every signal that has come since the last time.
  void answer() {
    // TODO 5: take(SIGTERM), take(SIGINT): which of them asks first, and which asks again?
    // TODO 7: SIGHUP and SIGUSR1.
  }

  // The next job runs with the new configuration, where that is usable.
  void reload() {
    // TODO 7: when are they usable? Say `config` or `config kept`.
  }

  void report() const {
    // TODO 7: how many jobs have ended, and is one in hand?
  }

  // The first word. It may come more than once.
  void stop() {
    // TODO 5: say so once. What is still finished, and where is that decided?
  }

  // The second word: the job's group is killed, STATE stays, and the parent is to see what steady died of.
  void die() const {
    // TODO 6: who is killed besides the job, and what would kill(-0, ...) do where there is none? How does a process die
    //         *of* a signal that it handles and blocks?
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
