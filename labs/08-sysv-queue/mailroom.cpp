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
  if (msgget(order.key, IPC_CREAT | IPC_EXCL | 0600) < 0) refused("msgget", order);
  return 0;
}

// Runs in every other verb that has a KEY: the queue's identifier.
static int find(const Order& order) {
  const int queue = msgget(order.key, 0);
  if (queue < 0) refused("msgget", order);
  return queue;
}

static int stat(const Order& order) {
  msqid_ds is{};
  if (msgctl(find(order), IPC_STAT, &is) < 0) refused("msgctl", order);
  print("letters " + std::to_string(is.msg_qnum) + " bytes " + std::to_string(is.__msg_cbytes) + " of " + std::to_string(is.msg_qbytes));
  return 0;
}

static int drop(const Order& order) {
  if (msgctl(find(order), IPC_RMID, nullptr) < 0) refused("msgctl", order);
  return 0;
}

static int key(const Order& order) {
  const key_t key = ftok(order.name.c_str(), order.id);
  if (key == -1) refused("ftok", order);  // as a key, -1 is one that everybody gets who does not look
  char text[16];
  snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(key));
  print(text);
  return 0;
}

// Puts one letter into the queue; `flags` as msgsnd(2) has them.
static Outcome put(const Order& order, int queue, long box, const std::string& text, int flags) {
  if (text.size() > longest) return Outcome::too_long;
  Letter letter;
  letter.box = box;
  memcpy(letter.text, text.data(), text.size());
  while (msgsnd(queue, &letter, text.size(), flags) < 0) {
    if (errno == EAGAIN) return Outcome::would_wait;
    if (errno == EINVAL) errno = EIDRM;  // box and size are right: there is no such queue any more
    if (errno != EINTR) refused("msgsnd", order);
  }
  return Outcome::done;
}

// Takes one letter out of the queue, if its text fits into so many bytes; `flags` as msgrcv(2) has them.
static Outcome get(const Order& order, int queue, long box, size_t room, int flags, Letter& letter, std::string& text) {
  for (;;) {
    const ssize_t size = msgrcv(queue, &letter, room, box, flags);
    if (size >= 0) {
      text.assign(letter.text, static_cast<size_t>(size));
      return Outcome::done;
    }
    if (errno == ENOMSG) return Outcome::would_wait;
    if (errno == E2BIG) return Outcome::too_long;
    if (errno == EINVAL) errno = EIDRM;
    if (errno != EINTR) refused("msgrcv", order);
  }
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
  const int flags = (order.wait ? 0 : IPC_NOWAIT) | (order.cut ? MSG_NOERROR : 0);
  Letter letter;
  for (int i = 0; i < order.count; ++i) {
    std::string text;
    const Outcome outcome = get(order, queue, order.box, order.room, flags, letter, text);
    if (outcome == Outcome::would_wait) return 124;
    if (outcome == Outcome::too_long) refuse(order.name, "the letter is longer than " + std::to_string(order.room) + " bytes, and stays");
    print(std::to_string(letter.box) + " " + text);
  }
  return 0;
}

// Each line of standard input is a question. Its answer comes into the box that has this process's number.
static int ask(const Order& order) {
  const int queue = find(order);
  const long mine = getpid();
  Letter letter;
  std::string text;
  // Beyond the 100 points: what lies there now was meant for another process that had this number.
  while (get(order, queue, mine, longest, IPC_NOWAIT | MSG_NOERROR, letter, text) == Outcome::done) {}
  for (std::string line; std::getline(std::cin, line);) {
    if (put(order, queue, 1, std::to_string(mine) + " " + line, 0) == Outcome::too_long) refuse("ask", "the question is too long for a letter");
    if (get(order, queue, mine, longest, 0, letter, text) != Outcome::done) refuse("ask", "the answer is too long for a letter");
    print(text);
  }
  return 0;
}

// Answers whatever comes into box 1. Its end is the queue's.
static int answer(const Order& order) {
  const int queue = find(order);
  Letter letter;
  for (;;) {
    std::string question, text;
    long pid = 0;
    if (get(order, queue, 1, longest, 0, letter, question) != Outcome::done) refuse("answer", "the question is too long for a letter");
    if (split(question, pid, text)) put(order, queue, pid, capitals(text), 0);
    else say("answer", "a question says nobody who asks, and gets no answer");
  }
}

// Beyond the 100 points: every queue that may be read, by its place in the kernel's table.
static int list() {
  msginfo info{};
  const int last = msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&info));
  for (int place = 0; place <= last; ++place) {
    msqid_ds is{};
    if (msgctl(place, MSG_STAT, &is) < 0) continue;  // an empty place, or not for us
    char text[100];
    snprintf(text, sizeof text, "0x%08x letters %lu bytes %lu of %lu", static_cast<unsigned>(is.msg_perm.__key), is.msg_qnum, is.__msg_cbytes, is.msg_qbytes);
    print(text);
  }
  return 0;
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
