// jobs - start commands on a terminal, in front and behind, stop them and let them go on
//
//   $ ./jobs
//   > sleep 100 : cat &
//   [1] started 4242
//   > sleep 50
//   [2] started 4245
//   ^Z[2] stopped SIGTSTP
//   > jobs
//   [1] running sleep 100 : cat &
//   [2] stopped sleep 50
//   > kill %1
//   > [1] killed SIGTERM
//   > exit
//
// The handout is labs/06-jobs/README.md.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include "lines.hpp"
#include "must.hpp"
#include "table.hpp"

// ---- The terminal --------------------------------------------------------------------------------------------------

// From now on the keyboard belongs to this process group, and nobody else may read.
void give_terminal(pid_t group) {
  // TODO 5: which call is it? Which signal hits whoever asks from behind, and who is behind when it is called?
  (void)group;
}

// The job in front is over or stopped: the terminal is the launcher's again. `as_it_was`: whatever the job has done to
// its modes is undone.
void take_terminal(Job& job, bool as_it_was) {
  in_front = 0;
  // TODO 5: to whom does it go now? (Stretch: job.modes and modes keep what tcgetattr() tells.)
  (void)job, (void)as_it_was;
}

// ---- Starting a job ------------------------------------------------------------------------------------------------

// Puts the process into the job's group, and a job in front before the terminal.
static void join(pid_t pid, pid_t group, bool behind) {
  // TODO 1: which call puts a process into a group, and what makes a new one? TODO 5: what else, if it is in front?
  (void)pid, (void)group, (void)behind;
}

// Runs in the child, and never returns: becomes the command. Every signal is still blocked, so none that is sent
// to the group before all is in place is lost.
[[noreturn]] void become(const Command& command, int input, int output) {
  // TODO 2: of its parent's signals, what would the command keep across exec?
  if (input != STDIN_FILENO) must(dup2(input, STDIN_FILENO), "dup2");
  if (output != STDOUT_FILENO) must(dup2(output, STDOUT_FILENO), "dup2");
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  const int why = errno;  // complain() may change it
  complain(command[0] + ": " + strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

// Starts one command of the job, between two pipes. False when the system refuses.
bool start_process(Job& job, const Command& command, int input, int output, bool behind) {
  // TODO 1: make the child. Which number has the group? Who calls join(), and when is that too late?
  (void)job, (void)command, (void)input, (void)output, (void)behind, (void)join;
  errno = ENOSYS;
  return false;
}

// ---- What becomes of it --------------------------------------------------------------------------------------------

// Asks the kernel for every child that has changed since the last time, and never sleeps.
static void collect() {
  // TODO 3: SIGCHLD came. How many children have ended, or stopped? event() wants to know of each.
}

// Says what has happened to the job as a whole, if anything has. False when it is over.
static bool look_at(int number, Job& job) {
  // TODO 4: is it over, stopped, or is there nothing to say? Whose status counts? Who gets the terminal, if it was in
  //         front? Say each thing once.
  (void)number, (void)job;
  return true;
}

// Given. Brings the table up to date, and says the news.
static void news() {
  collect();
  for (auto at = jobs.begin(); at != jobs.end();) at = look_at(at->first, at->second) ? std::next(at) : jobs.erase(at);
}

// ---- The launcher's own words --------------------------------------------------------------------------------------

// fg and bg: the whole job goes on.
void go_on(int number, Job& job, bool front) {
  // TODO 6: the terminal, the signal, the word: in what order, and to whom?
  (void)number, (void)job, (void)front;
}

// Nobody is to be left behind without a word: every job hears that its terminal has gone.
static void tell_everyone() {
  // TODO 7: which signal says so? A stopped job hears it when it goes on: who lets it go on, when you have ended?
}

// ---- Given: waiting ------------------------------------------------------------------------------------------------

static void on_child(int) {}  // its arrival ends ppoll(), which is all that is wanted
static void on_hangup(int) { hung_up = 1; }

// What this launcher does about signals, whatever it has inherited. SIGCHLD and SIGHUP come only while it sleeps.
static void set_signals() {
  struct sigaction action {};
  action.sa_handler = on_child;
  sigaction(SIGCHLD, &action, nullptr);
  action.sa_handler = on_hangup;
  sigaction(SIGHUP, &action, nullptr);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigaddset(&blocked, SIGHUP);
  sigprocmask(SIG_SETMASK, &blocked, nullptr);
  // TODO 5: and the signals that come with a terminal? Which of them must this launcher outlive?
}

// Sleeps until a signal comes, or a line when one is wanted. True for a line.
static bool await(bool line) {
  sigset_t none;
  sigemptyset(&none);
  pollfd terminal{STDIN_FILENO, POLLIN, 0};
  return ppoll(&terminal, line ? 1 : 0, nullptr, &none) > 0;
}

int main(int argc, char**) {
  if (argc > 1) {
    dprintf(STDERR_FILENO, "usage: jobs\n");
    return 2;
  }
  if (tcgetattr(STDIN_FILENO, &modes) < 0) {
    dprintf(STDERR_FILENO, "jobs: standard input is no terminal: %s\n", strerror(errno));
    return 1;
  }
  int fd = 0;
  while (fd <= 2) fd = must(open("/dev/null", O_RDWR), "open /dev/null");  // 1 and 2 are taken, whatever was inherited
  close(fd);
  set_signals();

  for (std::string line;;) {
    news();
    if (hung_up) break;
    // While a job is in front, what is typed is the job's.
    if (!in_front && !prompt_is_shown) dprintf(STDOUT_FILENO, "> ");
    prompt_is_shown = !in_front;
    if (!await(!in_front)) continue;
    news();  // what has happened before the line was read
    prompt_is_shown = false;
    if (!read_more(line)) break;
    if (line.empty() || line.back() != '\n') continue;
    line.pop_back();
    if (!run(line)) break;
    line.clear();
  }
  tell_everyone();
  return 0;
}
