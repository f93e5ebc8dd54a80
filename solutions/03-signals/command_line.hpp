// Given. What `signals` is told on its command line and what it prints: names, numbers, lines. Nothing here is the lesson.
#pragma once

#include <climits>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "must.hpp"

// The command line, understood.
struct Order {
  std::string verb;          // "list", "fate" or "send"; empty: not understood
  bool here = false;         // fate: with what this program itself was started with
  bool core = false;         // fate: tell an end with a core file from one without
  std::vector<int> signals;  // fate: in the order asked; send: one
  pid_t pid = 0;             // send: to whom
};

// Prints one line, at once and in one piece.
inline void say(const std::string& line) {
  const std::string text = line + "\n";
  must(static_cast<int>(write(STDOUT_FILENO, text.data(), text.size())), "write");
}

// Says on standard error which call the system refused, and why.
inline void trouble(const char* call, int why) {
  dprintf(STDERR_FILENO, "signals: %s: %s\n", call, std::strerror(why));
}

// The name of a signal that a program may use, as `kill -l` has it.
inline std::string name_of(int number) {
  if (const char* name = sigabbrev_np(number)) return name;
  const int above = number - SIGRTMIN, below = SIGRTMAX - number;
  if (above <= below) return above == 0 ? "RTMIN" : "RTMIN+" + std::to_string(above);
  return below == 0 ? "RTMAX" : "RTMAX-" + std::to_string(below);
}

// The number that a word of digits stands for; -1 for any other word, and for a number that is no int.
inline int number_of(std::string_view word) {
  long number = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return -1;
    number = 10 * number + (c - '0');
    if (number > INT_MAX) return -1;
  }
  return word.empty() ? -1 : static_cast<int>(number);
}

// The one of `usable` that a word means: by number, or by name with or without SIG. 0 for "0", -1 for none.
inline int signal_of(std::string_view word, const std::vector<int>& usable) {
  if (word.starts_with("SIG")) word.remove_prefix(3);
  if (word == "IO") word = "POLL";  // two names of 29
  const int wanted = number_of(word);
  for (const int number : usable)
    if (number == wanted || name_of(number) == word) return number;
  return wanted == 0 ? 0 : -1;
}

// An Order without a verb when the command line is wrong. `usable` are all signals that there are.
inline Order understand(const std::vector<std::string_view>& words, const std::vector<int>& usable, bool knows_core) {
  Order order;
  if (words.empty()) return {};
  if (words[0] == "fate") {
    size_t at = 1;
    for (; at < words.size() && words[at].starts_with("--"); ++at) {
      if (words[at] == "--here") order.here = true;
      else if (words[at] == "--core" && knows_core) order.core = true;
      else return {};
    }
    if (at == words.size()) order.signals = usable;
    for (; at < words.size(); ++at) order.signals.push_back(signal_of(words[at], usable));
    for (const int number : order.signals)
      if (number < 1) return {};
  } else if (words[0] == "send") {
    if (words.size() != 3) return {};
    order.signals = {signal_of(words[1], usable)};
    order.pid = number_of(words[2]);
    if (order.signals[0] < 0 || order.pid < 1) return {};
  } else if (words[0] != "list" || words.size() != 1) {
    return {};
  }
  order.verb = words[0];
  return order;
}

inline int usage() {
  dprintf(STDERR_FILENO, "usage: signals list\n       signals fate [--here] [SIGNAL...]\n       signals send SIGNAL PID\n");
  return 2;
}
