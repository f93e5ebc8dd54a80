// Given. The words of `order`: names and numbers of signals, and the lines that it prints and reads. What a handler may call
// of it asks for no memory, takes no lock and knows nothing of printf(3): signal-safety(7). Nothing here is the lesson.
#pragma once

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <unistd.h>

// What one signal brings along.
struct Delivery {
  int number;
  bool from_kernel;  // nobody sent it: a key of the terminal, say
  bool queued;       // it came by sigqueue(), with a value
  pid_t sender;
  int value;
};

inline std::atomic<int> delivered = 0;  // how many this `go` has let in: a handler may interrupt another one that counts

// Adds to a line. Like the two below it asks for no memory, takes no lock and knows nothing of printf(3), so that a
// handler may call it: signal-safety(7).
inline void add(char*& end, const char* text) { end = stpcpy(end, text); }
inline void add(char*& end, int number) { *(end = std::to_chars(end, end + 11, number).ptr) = '\0'; }

// "USR1", "RTMIN", "RTMIN+3"; its letters outlive the call.
inline const char* name_of(int number) {
  static char names[65][20];
  char* end = names[number];
  if (number < SIGRTMIN) return sigabbrev_np(number);
  add(end, "RTMIN");
  if (number > SIGRTMIN) add(end, "+"), add(end, number - SIGRTMIN);
  return names[number];
}

// A whole number in decimal, nothing around it.
inline bool read_number(const std::string& text, int& number) {
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
  return trouble == std::errc() && end == text.data() + text.size();
}

// The number of "USR1", "SIGUSR1", "10", "RTMIN+3", "RTMAX-2"; 0 when nobody can have that signal.
inline int number_of(std::string word) {
  int number = 0, step = 0;
  if (word.starts_with("SIG")) word.erase(0, 3);
  if (word == "RTMIN") number = SIGRTMIN;
  else if (word == "RTMAX") number = SIGRTMAX;
  else if (word.starts_with("RTMIN+") && read_number(word.substr(6), step) && step >= 0) number = SIGRTMIN + step;
  else if (word.starts_with("RTMAX-") && read_number(word.substr(6), step) && step >= 0) number = SIGRTMAX - step;
  else if (!read_number(word, number))
    for (int s = 1; s < SIGRTMIN; ++s)
      if (const char* name = sigabbrev_np(s); name && word == name) number = s;
  const bool standard = number >= 1 && sigabbrev_np(number), real_time = number >= SIGRTMIN && number <= SIGRTMAX;
  return (standard || real_time) && number != SIGKILL && number != SIGSTOP ? number : 0;
}

// One line on standard output, at once: goes on where another handler has interrupted it.
template <typename... Parts>
inline void say(Parts... parts) {
  char line[120], *end = line;
  (add(end, parts), ...);
  add(end, "\n");
  for (const char* rest = line; rest < end;) {
    const ssize_t put = write(STDOUT_FILENO, rest, static_cast<size_t>(end - rest));
    if (put < 0 && errno != EINTR) _exit(1);
    if (put > 0) rest += put;
  }
}

// The line for one delivery; counts it.
inline void report(const Delivery& d) {
  ++delivered;
  if (d.from_kernel) say(d.number, " ", name_of(d.number), " from kernel");
  else if (d.queued) say(d.number, " ", name_of(d.number), " from ", d.sender, " value ", d.value);
  else say(d.number, " ", name_of(d.number), " from ", d.sender);
}

// The next line of standard input, a byte at a time: what follows it is left for a handler. False at the end.
inline bool next_line(std::string& line) {
  line.clear();
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') line += byte;
  return byte == '\n' || !line.empty();
}

// Wrong command line.
inline int usage() {
  dprintf(STDERR_FILENO, "usage: order [--wait | --fd | --nest] SIGNAL...\n       order send PID SIGNAL[=VALUE]...\n");
  return 2;
}
