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
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

using Command = std::vector<std::string>;

// One command of a job, as the last wait for it has shown it.
struct Process {
  pid_t pid;
  enum class State { running, stopped, ended } state = State::running;
  int status = 0;  // as waitpid() gave it
};

struct Job {
  pid_t group = 0;  // 0 until its first process has been started
  std::string text;
  std::vector<Process> processes;
  bool stop_is_said = false;
  std::optional<termios> modes;  // the terminal as the job had it when it was stopped in front
};

static std::map<int, Job> jobs;    // by number
static int in_front = 0;           // the job that has the terminal; 0: the launcher itself
static termios modes;              // the terminal as the launcher has it
static bool prompt_is_shown = false;
static volatile sig_atomic_t hung_up = 0;

// ---- Given: saying things ------------------------------------------------------------------------------------------

// One line of news. What is said while a line is awaited is followed by a new prompt.
[[maybe_unused]] static void say(int number, const std::string& news) {
  dprintf(STDOUT_FILENO, "[%d] %s\n", number, news.c_str());
  prompt_is_shown = false;
}

static void complain(const std::string& what) { dprintf(STDERR_FILENO, "jobs: %s\n", what.c_str()); }

// "SIGTERM", "SIGRTMIN+2".
[[maybe_unused]] static std::string name_of(int signal) {
  if (const char* name = sigabbrev_np(signal)) return std::string("SIG") + name;
  return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
}

// The signal of "TERM", "SIGTERM" or "15"; 0 when there is none.
static int signal_of(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos)
    return word.size() < 3 && atoi(word.c_str()) <= SIGRTMAX ? atoi(word.c_str()) : 0;
  for (int s = 1; s <= SIGRTMAX; ++s)
    if (name_of(s) == word || name_of(s) == "SIG" + word) return s;
  return 0;
}

// ---- The terminal --------------------------------------------------------------------------------------------------

// From now on the keyboard belongs to this process group, and nobody else may read.
[[maybe_unused]] static void give_terminal(pid_t group) {
  // TODO 5: which call is it? Which signal hits whoever asks from behind, and who is behind when it is called?
  (void)group;
}

// The job in front is over or stopped: the terminal is the launcher's again. `as_it_was`: whatever the job has done to
// its modes is undone.
[[maybe_unused]] static void take_terminal(Job& job, bool as_it_was) {
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
[[noreturn, maybe_unused]] static void become(const Command& command, int input, int output) {
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
static bool start_process(Job& job, const Command& command, int input, int output, bool behind) {
  // TODO 1: make the child. Which number has the group? Who calls join(), and when is that too late?
  (void)job, (void)command, (void)input, (void)output, (void)behind, (void)join;
  errno = ENOSYS;
  return false;
}

// Given. Starts all commands of a job, each one's output piped into the next one's input. Signals wait meanwhile: no
// child is waited for before all are there, and a child loses none between fork and exec.
static void start_job(const std::string& text, const std::vector<Command>& commands, bool behind) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  Job job;
  job.text = text;
  int input = STDIN_FILENO;
  for (size_t i = 0; i < commands.size(); ++i) {
    int ends[2] = {-1, STDOUT_FILENO};  // the last command writes to the launcher's own output
    const bool piped = i + 1 < commands.size();
    bool started = !piped || pipe2(ends, O_CLOEXEC) == 0;
    if (started) started = start_process(job, commands[i], input, ends[1], behind);
    if (!started) complain(std::string("cannot start ") + commands[i][0] + ": " + strerror(errno));
    if (input != STDIN_FILENO) close(input);
    if (piped && ends[0] >= 0) close(ends[1]);
    input = ends[0];
    if (!started) break;
  }
  if (input > STDIN_FILENO) close(input);
  if (!job.processes.empty()) {
    const int number = jobs.empty() ? 1 : jobs.rbegin()->first + 1;
    if (!behind) in_front = number;
    say(number, "started " + std::to_string(job.group));
    jobs[number] = job;
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

// ---- What becomes of it --------------------------------------------------------------------------------------------

// Given. Writes down what a wait has shown of one process.
[[maybe_unused]] static void event(pid_t pid, int status) {
  for (auto& [number, job] : jobs)
    for (Process& p : job.processes)
      if (p.pid == pid) {
        p.state = WIFSTOPPED(status) ? Process::State::stopped : WIFCONTINUED(status) ? Process::State::running : Process::State::ended;
        p.status = status;
      }
}

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
static void go_on(int number, Job& job, bool front) {
  // TODO 6: the terminal, the signal, the word: in what order, and to whom?
  (void)number, (void)job, (void)front;
}

// Given. The job that "%2" names; without a word the highest. Null, and a complaint, when there is none.
static Job* find_job(const std::string& word, int& number) {
  if (word.empty()) number = jobs.empty() ? 0 : jobs.rbegin()->first;
  else number = word.size() < 9 ? atoi(word.c_str() + 1) : 0;
  const auto at = jobs.find(number);
  if (at != jobs.end()) return &at->second;
  complain("no such job" + (word.empty() ? "" : ": " + word));
  return nullptr;
}

static bool names_a_job(const std::string& word) {
  return word.size() > 1 && word[0] == '%' && word.find_first_not_of("0123456789", 1) == std::string::npos;
}

// Given. Obeys one of the launcher's own words. False for a line that is wrong.
static bool obey(const Command& words) {
  const std::string last = words.size() > 1 ? words.back() : "";
  int number = 0;
  if (words[0] == "jobs") {
    if (words.size() > 1) return false;
    for (const auto& [n, job] : jobs) say(n, (job.stop_is_said ? "stopped " : "running ") + job.text);
    return true;
  }
  if (words[0] == "kill") {
    const int signal = words.size() == 3 && words[1][0] == '-' ? signal_of(words[1].substr(1)) : words.size() == 2 ? SIGTERM : 0;
    if (signal == 0 || !names_a_job(last)) return false;
    if (const Job* job = find_job(last, number); job && kill(-job->group, signal) < 0) complain(std::string("kill: ") + strerror(errno));
    return true;
  }
  if (words.size() > 2 || (words.size() == 2 && !names_a_job(last))) return false;
  if (Job* job = find_job(last, number)) go_on(number, *job, words[0] == "fg");
  return true;
}

// Given. One line: a word of the launcher's own, or a job. False when the launcher is to end.
static bool run(const std::string& line) {
  const char* const blanks = " \t";
  Command words;
  for (size_t at = 0, end = 0; (at = line.find_first_not_of(blanks, end)) != std::string::npos;) {
    end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
  }
  if (words.empty()) return true;
  if (words == Command{"exit"}) return false;
  if (words[0] == "jobs" || words[0] == "fg" || words[0] == "bg" || words[0] == "kill" || words[0] == "exit") {
    if (words[0] == "exit" || !obey(words)) complain("wrong line: " + line);
    return true;
  }
  const bool behind = words.back() == "&";
  if (behind) words.pop_back();
  std::vector<Command> commands(1);
  for (const std::string& word : words) {
    if (word == ":") commands.emplace_back();
    else commands.back().push_back(word);
  }
  const bool wrong = std::any_of(commands.begin(), commands.end(), [](const Command& c) { return c.empty(); });
  if (wrong || std::find(words.begin(), words.end(), "&") != words.end()) complain("wrong line: " + line);
  else start_job(line, commands, behind);
  return true;
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

// Adds to `line` what the terminal hands over: never more than the rest of one line. False at end-of-file.
static bool read_more(std::string& line) {
  char piece[4096];
  const ssize_t got = read(STDIN_FILENO, piece, sizeof piece);
  if (got > 0) line.append(piece, static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
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
