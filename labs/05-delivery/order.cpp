// order - hold signals back, let them in on command, and say which came, in which order, from whom and with what
//
//   $ ./order USR1 RTMIN+1                     $ ./order send 4711 RTMIN+1=-7 USR1 RTMIN+1=8 USR1
//   ready 4711
//   pending
//   pending USR1 RTMIN+1
//   go
//   10 USR1 from 4712
//   35 RTMIN+1 from 4712 value -7
//   35 RTMIN+1 from 4712 value 8
//   done 3
//
// The handout is labs/05-delivery/README.md.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/signalfd.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"
#include "words.hpp"

static std::vector<int> listed;  // the signals of the command line
static sigset_t listed_set;      // the same as a set

// Runs once, before `ready`.
static void hold() {
  // TODO 1: what must be true of every listed signal before `ready` is said, and until the end? Of which others?
}

// Runs for `pending`.
static void show_pending() {
  std::string names;  // each with a space before it
  // TODO 2: which call shows what is pending and takes nothing away? Which of it was listed?
  dprintf(STDOUT_FILENO, "pending%s\n", names.c_str());
}

// For each signal that is accepted or delivered: what the kernel tells of it (siginfo_t, sigaction(2)).
Delivery from_info(const siginfo_t& info) {
  Delivery d{};
  // TODO 3: which fields say who sent it and with what? Which field says whether those two mean anything?
  (void)info;
  return d;
}

// --wait. Takes the next one that is pending; false when none is.
static bool take_next(Delivery& d) {
  // TODO 3: which call takes one signal, tells all about it, and does not wait when there is none?
  (void)d;
  return false;
}

// --fd (stretch). The same, by reading from a descriptor.
static bool read_next(Delivery& d) {
  // TODO 8 (stretch): a descriptor that is readable while one of the set is pending. What does one read give?
  (void)d;
  return false;
}

// The handler of every listed signal, without an option.
void on_signal(int number, siginfo_t* info, void*) {
  // TODO 4: tell of it. What did the kernel hand over?
  (void)number, (void)info;
}

// --nest: the handler of every listed signal.
void on_nested(int number) {
  // TODO 6: count it, say `in NAME`, wait for one line of standard input or its end, say `out NAME`. What becomes of a
  //         read that another handler interrupts?
  (void)number;
}

// Runs once, before `ready`: without an option and for --nest.
static void install_handlers(bool nest) {
  // TODO 4: give every listed signal its handler. Which flag brings the sender? Whom must a running handler hold back?
  // TODO 6: and for --nest: who may interrupt now, and who still may not?
  (void)nest;
}

// Runs for `go`, without an option and for --nest: lets in what is pending, and holds again.
static void let_in() {
  // TODO 5: let in all that is listed, and hold it again. When have the handlers run?
}

// Runs for `drop` (stretch): throws away what is pending and listed. False: it is not known yet.
static bool drop() {
  // TODO 9 (stretch): throw away what is pending. What throws away, and what only holds back?
  return false;
}

// One word of `order send`: "RTMIN+1=-7".
struct Sending {
  std::string word;
  int number;
  bool has_value;
  int value;
};

// Runs as `order send PID SIGNAL[=VALUE]...`. Returns the exit status.
static int send_all(pid_t to, const std::vector<Sending>& all) {
  // TODO 7: which call sends a number alone, and which one a value too? What if one is refused?
  (void)to, (void)all;
  return 0;
}

enum class Way { handlers, wait, fd, nest, wrong };

// Given. Runs for `go`.
static void go(Way way) {
  delivered = 0;
  Delivery d{};
  if (way == Way::handlers || way == Way::nest) let_in();
  else
    while (way == Way::wait ? take_next(d) : read_next(d)) report(d);
  say("done ", delivered.load());
}

// Given. What an option asks for.
static Way way_of(const std::string& option) {
  if (option == "--wait") return Way::wait;
  if (option == "--nest") return Way::nest;
  // TODO 8 (stretch): let --fd be known.
  return Way::wrong;
}

// Given. `order send ...`: nothing is sent before all the words are known to be right.
static int send_mode(const std::vector<std::string>& words) {
  int to = 0;
  if (words.size() < 2 || !read_number(words[0], to) || to < 1) return usage();
  std::vector<Sending> all;
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    Sending one{words[i], number_of(words[i].substr(0, equals)), equals != std::string::npos, 0};
    if (one.number == 0 || (one.has_value && !read_number(words[i].substr(equals + 1), one.value))) return usage();
    all.push_back(one);
  }
  return send_all(to, all);
}

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0] == "send") return send_mode({words.begin() + 1, words.end()});
  Way way = Way::handlers;
  if (!words.empty() && words[0].starts_with("-")) way = way_of(words[0]), words.erase(words.begin());
  if (way == Way::wrong || words.empty()) return usage();
  sigemptyset(&listed_set);
  for (const std::string& word : words) {
    if (number_of(word) == 0) return usage();
    listed.push_back(number_of(word));
    sigaddset(&listed_set, listed.back());
  }

  hold();
  if (way == Way::handlers || way == Way::nest) install_handlers(way == Way::nest);
  say("ready ", getpid());
  for (std::string line; next_line(line);) {
    if (line == "go") go(way);
    else if (line == "pending") show_pending();
    else if (line == "drop" && drop()) say("dropped");
    else dprintf(STDERR_FILENO, "order: %s: no such word\n", line.c_str());
  }
  return 0;
}
