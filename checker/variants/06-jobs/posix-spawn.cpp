// Program: jobs
//
// Another way: posix_spawn() puts each command into its group, gives it the terminal and cleans its signals; a signalfd
// beside the terminal in one poll(); waitid() for the news. Everything about a job is kept in one flat list of
// processes.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <list>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

extern char** environ;

struct Child {
  pid_t pid;
  int job;
  char state;  // r, s, e
  int code, value;
};
struct Job {
  int number;
  pid_t group;
  std::string text;
  bool told = false, has_modes = false;
  termios modes{};
};

static std::list<Job> jobs;
static std::vector<Child> children;
static int front = 0;
static termios mine;

static std::string signal_name(int s) {
  const char* abbreviation = sigabbrev_np(s);
  return abbreviation ? std::string("SIG") + abbreviation : "SIGRTMIN+" + std::to_string(s - SIGRTMIN);
}
static int signal_number(std::string word) {
  char* end = nullptr;
  const long n = strtol(word.c_str(), &end, 10);
  if (!word.empty() && *end == 0) return n > 0 && n <= SIGRTMAX ? static_cast<int>(n) : 0;
  if (word.rfind("SIG", 0) != 0) word = "SIG" + word;
  for (int s = 1; s <= SIGRTMAX; ++s)
    if (signal_name(s) == word) return s;
  return 0;
}

static void out(const char* format, int number, const std::string& text) { dprintf(1, format, number, text.c_str()); }

static void wrong(const std::string& line) { dprintf(2, "jobs: not understood: %s\n", line.c_str()); }

static void take_back(Job& job, bool mend) {
  front = 0;
  tcsetpgrp(0, getpgrp());
  tcgetattr(0, &job.modes);
  job.has_modes = true;
  if (mend) tcsetattr(0, TCSANOW, &mine);
  else mine = job.modes;
}

static void look() {
  siginfo_t info{};
  while (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) == 0 && info.si_pid != 0) {
    for (Child& c : children)
      if (c.pid == info.si_pid) {
        c.state = info.si_code == CLD_STOPPED ? 's' : info.si_code == CLD_CONTINUED ? 'r' : 'e';
        c.code = info.si_code;
        c.value = info.si_status;
      }
    info = {};
  }
  for (auto job = jobs.begin(); job != jobs.end();) {
    int running = 0, stopped = 0, by = 0;
    const Child* last = nullptr;
    for (const Child& c : children)
      if (c.job == job->number) {
        running += c.state == 'r';
        stopped += c.state == 's';
        if (c.state == 's') by = c.value;
        last = &c;
      }
    if (running > 0) {
      job->told = false;
    } else if (stopped > 0) {
      if (front == job->number) take_back(*job, true);
      if (!job->told) out("[%d] stopped %s\n", job->number, signal_name(by));
      job->told = true;
    } else {
      const bool exited = last->code == CLD_EXITED;
      if (front == job->number) take_back(*job, !exited);
      out(exited ? "[%d] done %s\n" : "[%d] killed %s\n", job->number, exited ? std::to_string(last->value) : signal_name(last->value));
      const int over = job->number;
      std::erase_if(children, [over](const Child& c) { return c.job == over; });
      job = jobs.erase(job);
      continue;
    }
    ++job;
  }
}

static void start(const std::string& text, std::vector<std::vector<std::string>> commands, bool behind) {
  Job job{jobs.empty() ? 1 : jobs.back().number + 1, 0, text};
  int input = -1;
  for (size_t i = 0; i < commands.size(); ++i) {
    int ends[2] = {-1, -1};
    if (i + 1 < commands.size()) must(pipe2(ends, O_CLOEXEC), "pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // The group is set before these are done.
    if (!behind) posix_spawn_file_actions_addtcsetpgrp_np(&actions, 0);
    if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (ends[1] >= 0) posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setpgroup(&how, job.group);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> words;
    for (std::string& word : commands[i]) words.push_back(word.data());
    words.push_back(nullptr);
    pid_t pid = 0;
    int why = posix_spawnp(&pid, words[0], &actions, &how, words.data(), environ);
    if (why != 0) {
      dprintf(2, "jobs: %s: %s\n", words[0], strerror(why));
      // A command that is not found is a process that ends with 127 all the same.
      const std::string status = why == ENOENT ? "exit 127" : "exit 126";
      char sh[] = "sh", c[] = "-c";
      char* instead[] = {sh, c, const_cast<char*>(status.c_str()), nullptr};
      why = posix_spawn(&pid, "/bin/sh", &actions, &how, instead, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&how);
    if (input >= 0) close(input);
    if (ends[1] >= 0) close(ends[1]);
    input = ends[0];
    if (why != 0) break;
    if (job.group == 0) job.group = pid;
    children.push_back({pid, job.number, 'r', 0, 0});
  }
  if (input >= 0) close(input);
  if (job.group == 0) return;
  jobs.push_back(job);
  if (!behind) front = job.number;
  out("[%d] started %s\n", job.number, std::to_string(job.group));
}

static Job* named(const std::string& word) {
  for (Job& job : jobs)
    if ((word.empty() && &job == &jobs.back()) || word == "%" + std::to_string(job.number)) return &job;
  dprintf(2, "jobs: no such job\n");
  return nullptr;
}

static bool obey(const std::string& line) {
  std::vector<std::string> words;
  for (size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string::npos;) {
    const size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  if (words.empty()) return true;
  const std::string& word = words[0];
  if (word == "exit" && words.size() == 1) return false;
  if (word == "jobs" && words.size() == 1) {
    for (const Job& job : jobs) out(job.told ? "[%d] stopped %s\n" : "[%d] running %s\n", job.number, job.text);
  } else if ((word == "fg" || word == "bg") && words.size() <= 2) {
    Job* job = named(words.size() == 2 ? words[1] : "");
    if (!job) return true;
    if (word == "fg") {
      if (job->has_modes) tcsetattr(0, TCSANOW, &job->modes);
      tcsetpgrp(0, job->group);
      front = job->number;
    }
    job->told = false;
    for (Child& c : children)
      if (c.job == job->number && c.state == 's') c.state = 'r';
    killpg(job->group, SIGCONT);
    out("[%d] continued%s\n", job->number, "");
  } else if (word == "kill" && (words.size() == 2 || (words.size() == 3 && words[1][0] == '-'))) {
    const int s = words.size() == 2 ? SIGTERM : signal_number(words[1].substr(1));
    if (s == 0) return wrong(line), true;
    if (const Job* job = named(words.back())) killpg(job->group, s);
  } else if (word == "exit" || word == "jobs" || word == "fg" || word == "bg" || word == "kill") {
    wrong(line);
  } else {
    const bool behind = words.back() == "&";
    if (behind) words.pop_back();
    std::vector<std::vector<std::string>> commands(1);
    for (const std::string& w : words) {
      if (w == "&") return wrong(line), true;
      if (w == ":") commands.emplace_back();
      else commands.back().push_back(w);
    }
    for (const auto& command : commands)
      if (command.empty()) return wrong(line), true;
    start(behind ? line.substr(0, line.find_last_not_of(" \t&") + 1) : line, commands, behind);
  }
  return true;
}

int main(int argc, char**) {
  if (argc > 1) return dprintf(2, "usage: jobs\n"), 2;
  if (!isatty(0)) return dprintf(2, "jobs: standard input is no terminal\n"), 1;
  tcgetattr(0, &mine);
  for (int fd = 1; fd <= 2; ++fd)
    if (fcntl(fd, F_GETFD) < 0) must(open("/dev/null", O_WRONLY), "open");
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGHUP);
  must(sigprocmask(SIG_SETMASK, &watched, nullptr), "sigprocmask");
  for (const int s : {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU}) signal(s, SIG_IGN);
  for (const int s : {SIGCHLD, SIGHUP}) signal(s, SIG_DFL);
  const int signals = must(signalfd(-1, &watched, SFD_CLOEXEC), "signalfd");

  std::string typed;
  for (bool prompt = true, on = true; on;) {
    look();
    if (!front && prompt) dprintf(1, "> ");
    prompt = false;
    pollfd both[] = {{signals, POLLIN, 0}, {front ? -1 : 0, POLLIN, 0}};
    poll(both, 2, -1);
    if (both[0].revents) {
      signalfd_siginfo came;
      must(static_cast<int>(read(signals, &came, sizeof came)), "read");
      if (came.ssi_signo == SIGHUP) break;
      const bool was_in_front = front != 0;
      look();
      prompt = was_in_front && !front;
    }
    if (!both[1].revents || front) continue;
    char piece[512];
    const ssize_t got = read(0, piece, sizeof piece);
    if (got <= 0) break;
    typed.append(piece, static_cast<size_t>(got));
    if (typed.back() != '\n') continue;
    typed.pop_back();
    look();
    on = obey(typed);
    typed.clear();
    prompt = true;
  }
  for (const Job& job : jobs) killpg(job.group, SIGHUP), killpg(job.group, SIGCONT);
  return 0;
}
