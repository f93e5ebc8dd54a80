// Given. The jobs that there are, what is said of them, and by which words they and signals are named. Nothing here is the
// lesson.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <termios.h>
#include <vector>

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

inline std::map<int, Job> jobs;    // by number
inline int in_front = 0;           // the job that has the terminal; 0: the launcher itself
inline termios modes;              // the terminal as the launcher has it
inline bool prompt_is_shown = false;
inline volatile sig_atomic_t hung_up = 0;

// One line of news. What is said while a line is awaited is followed by a new prompt.
inline void say(int number, const std::string& news) {
  dprintf(STDOUT_FILENO, "[%d] %s\n", number, news.c_str());
  prompt_is_shown = false;
}

inline void complain(const std::string& what) { dprintf(STDERR_FILENO, "jobs: %s\n", what.c_str()); }

// "SIGTERM", "SIGRTMIN+2".
inline std::string name_of(int signal) {
  if (const char* name = sigabbrev_np(signal)) return std::string("SIG") + name;
  return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
}

// The signal of "TERM", "SIGTERM" or "15"; 0 when there is none.
inline int signal_of(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos)
    return word.size() < 3 && atoi(word.c_str()) <= SIGRTMAX ? atoi(word.c_str()) : 0;
  for (int s = 1; s <= SIGRTMAX; ++s)
    if (name_of(s) == word || name_of(s) == "SIG" + word) return s;
  return 0;
}

// Writes down what a wait has shown of one process.
inline void event(pid_t pid, int status) {
  for (auto& [number, job] : jobs)
    for (Process& p : job.processes)
      if (p.pid == pid) {
        p.state = WIFSTOPPED(status) ? Process::State::stopped : WIFCONTINUED(status) ? Process::State::running : Process::State::ended;
        p.status = status;
      }
}

// The job that "%2" names; without a word the highest. Null, and a complaint, when there is none.
inline Job* find_job(const std::string& word, int& number) {
  if (word.empty()) number = jobs.empty() ? 0 : jobs.rbegin()->first;
  else number = word.size() < 9 ? atoi(word.c_str() + 1) : 0;
  const auto at = jobs.find(number);
  if (at != jobs.end()) return &at->second;
  complain("no such job" + (word.empty() ? "" : ": " + word));
  return nullptr;
}

inline bool names_a_job(const std::string& word) {
  return word.size() > 1 && word[0] == '%' && word.find_first_not_of("0123456789", 1) == std::string::npos;
}
