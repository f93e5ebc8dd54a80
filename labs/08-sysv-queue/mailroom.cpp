// mailroom - letters in numbered boxes, in one queue that the kernel keeps
//
//   $ ./mailroom make 0x42
//   $ echo hello | ./mailroom post 0x42 7
//   $ ./mailroom stat 0x42
//   letters 1 bytes 5 of 16384
//   $ ./mailroom fetch 0x42 7
//   7 hello
//   $ ./mailroom drop 0x42
//
// The handout is labs/08-sysv-queue/README.md.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "command_line.hpp"

// A letter as the kernel wants it: the number of its box, then the text. Only the text is counted.
struct Letter {
  long box = 0;
  char text[longest];
};

// What came of one letter.
enum class Outcome { done, would_wait, too_long };

// Given. The line that the kernel's "no" becomes, on standard error, with exit status 1.
[[noreturn, maybe_unused]] static void refused(const char* call, const Order& order) {
  refuse(std::string(call) + " " + order.name, strerror(errno));
}

// Given. The text in capitals: a to z alone, whatever the language.
[[maybe_unused]] static std::string capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

// Given. Takes a question, `PID TEXT`, apart. False: it does not begin with a number above 1 and a blank.
[[maybe_unused]] static bool split(const std::string& question, long& pid, std::string& text) {
  const size_t blank = question.find(' ');
  if (blank == std::string::npos) return false;
  const auto number = parse_number(question.substr(0, blank).c_str(), 2, LONG_MAX);
  pid = number.value_or(0);
  text = question.substr(blank + 1);
  return number.has_value();
}

// Runs in `make` alone.
static int make(const Order& order) {
  // TODO 1: which call makes it, and fails where there is one already? Who may use it then?
  (void)order;
  return 1;  // for now
}

// Runs in every other verb that has a KEY: the queue's identifier.
static int find(const Order& order) {
  // TODO 1: the same call, so that it never makes one. Where there is none: refused().
  (void)order;
  refuse("mailroom", "not begun");  // for now
}

static int stat(const Order& order) {
  // TODO 2: msgctl(2) tells all three numbers of the line "letters N bytes B of Q". Which call, which fields?
  (void)order;
  return 1;  // for now
}

static int drop(const Order& order) {
  // TODO 2: msgctl(2) again.
  (void)order;
  return 1;  // for now
}

static int key(const Order& order) {
  // TODO 2: ftok(3), and "0x%08x". What does it return when it cannot look at the path?
  (void)order;
  return 1;  // for now
}

// Puts one letter into the queue; `flags` as msgsnd(2) has them.
[[maybe_unused]] static Outcome put(const Order& order, int queue, long box, const std::string& text, int flags) {
  // TODO 3: fill a Letter, and msgsnd(2) it. How many bytes does it have? Which failures are this letter's (an Outcome), which mean
  // that it should be asked again, and which are everybody's (refused())?
  (void)order, (void)queue, (void)box, (void)text, (void)flags;
  return Outcome::too_long;  // for now
}

// Takes one letter out of the queue, if its text fits into so many bytes; `flags` as msgrcv(2) has them.
[[maybe_unused]] static Outcome get(const Order& order, int queue, long box, size_t room, int flags, Letter& letter, std::string& text) {
  // TODO 4: msgrcv(2). Which type is asked for, how much room is there, and where does the text end that has come? Which failures
  // are an Outcome?
  (void)order, (void)queue, (void)box, (void)room, (void)flags, (void)letter, (void)text;
  return Outcome::too_long;  // for now
}

// Given. Each line of standard input becomes a letter.
static int post(const Order& order) {
  const int queue = find(order);
  int status = 0, number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string which = "line " + std::to_string(++number);
    const Outcome outcome = put(order, queue, order.box, line, order.wait ? 0 : IPC_NOWAIT);
    if (outcome == Outcome::would_wait) return say(which, "there is no room for it"), 124;
    if (outcome == Outcome::done) continue;
    say(which, "left out, it has " + std::to_string(line.size()) + " bytes, and " + std::to_string(longest) + " is the most");
    status = 1;
  }
  return status;
}

// Takes as many letters as it was told to, and prints each with its box.
static int fetch(const Order& order) {
  const int queue = find(order);
  // TODO 5: get() as many as it was told to, and print each as BOX TEXT. What makes --try, what --cut? And what does fetch end with
  // where there is nothing, or where it does not fit?
  (void)queue;
  return 1;  // for now
}

// Each line of standard input is a question. Its answer comes into the box that has this process's number.
static int ask(const Order& order) {
  const int queue = find(order);
  // TODO 6: for each line: put() the question, get() the answer, print it. Which letter is mine?
  // Beyond the 100 points: what does it mean when one lies there before anything was asked?
  (void)queue;
  return 1;  // for now
}

// Answers whatever comes into box 1. Its end is the queue's.
static int answer(const Order& order) {
  const int queue = find(order);
  // TODO 7: take a question, split() it, and send its text in capitals() to who asked. What ends this?
  (void)queue;
  return 1;  // for now
}

// Beyond the 100 points: every queue that may be read, by its place in the kernel's table.
static int list() {
  // TODO 7, beyond the 100 points: msgctl(2), MSG_INFO and MSG_STAT.
  return usage();  // for now
}

int main(int, char** argv) {
  const Order order = parse(argv);
  if (order.verb == "key") return key(order);
  if (order.verb == "make") return make(order);
  if (order.verb == "post") return post(order);
  if (order.verb == "fetch") return fetch(order);
  if (order.verb == "ask") return ask(order);
  if (order.verb == "answer") return answer(order);
  if (order.verb == "stat") return stat(order);
  if (order.verb == "drop") return drop(order);
  if (order.verb == "list") return list();
  return usage();
}
