// Given. What a line asks for: one of the launcher's own words, or a job, whose commands are started one after the other.
// Nothing here is the lesson; the two functions that it calls are.
#pragma once

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "table.hpp"

bool start_process(Job& job, const Command& command, int input, int output, bool behind);
void go_on(int number, Job& job, bool front);

// Starts all commands of a job, each one's output piped into the next one's input. Signals wait meanwhile: no
// child is waited for before all are there, and a child loses none between fork and exec.
inline void start_job(const std::string& text, const std::vector<Command>& commands, bool behind) {
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

// Obeys one of the launcher's own words. False for a line that is wrong.
inline bool obey(const Command& words) {
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

// One line: a word of the launcher's own, or a job. False when the launcher is to end.
inline bool run(const std::string& line) {
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

// Adds to `line` what the terminal hands over: never more than the rest of one line. False at end-of-file.
inline bool read_more(std::string& line) {
  char piece[4096];
  const ssize_t got = read(STDIN_FILENO, piece, sizeof piece);
  if (got > 0) line.append(piece, static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}
