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
  must(sigprocmask(SIG_SETMASK, &listed_set, nullptr), "sigprocmask");
}

// Runs for `pending`.
static void show_pending() {
  std::string names;  // each with a space before it
  sigset_t pending;
  must(sigpending(&pending), "sigpending");
  for (int s = 1; s <= SIGRTMAX; ++s)
    if (sigismember(&pending, s) == 1 && sigismember(&listed_set, s) == 1) names += std::string(" ") + name_of(s);
  dprintf(STDOUT_FILENO, "pending%s\n", names.c_str());
}

// For each signal that is accepted or delivered: what the kernel tells of it (siginfo_t, sigaction(2)).
Delivery from_info(const siginfo_t& info) {
  Delivery d{};
  d.number = info.si_signo;
  d.from_kernel = info.si_code > 0;
  d.queued = info.si_code == SI_QUEUE;
  d.sender = info.si_pid;
  d.value = info.si_value.sival_int;
  return d;
}

// --wait. Takes the next one that is pending; false when none is.
static bool take_next(Delivery& d) {
  siginfo_t info{};
  const timespec no_time{};
  if (sigtimedwait(&listed_set, &info, &no_time) < 0) return false;
  d = from_info(info);
  return true;
}

// --fd (stretch). The same, by reading from a descriptor.
static bool read_next(Delivery& d) {
  static const int fd = must(signalfd(-1, &listed_set, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
  signalfd_siginfo info{};
  if (read(fd, &info, sizeof info) != sizeof info) return false;
  d.number = static_cast<int>(info.ssi_signo);
  d.from_kernel = info.ssi_code > 0;
  d.queued = info.ssi_code == SI_QUEUE;
  d.sender = static_cast<pid_t>(info.ssi_pid);
  d.value = info.ssi_int;
  return true;
}

// The handler of every listed signal, without an option.
void on_signal(int number, siginfo_t* info, void*) {
  (void)number;
  report(from_info(*info));
}

// --nest: the handler of every listed signal.
void on_nested(int number) {
  ++delivered;
  say("in ", name_of(number));
  // Another handler may interrupt this read: it then says EINTR, and has taken nothing.
  char byte = 0;
  for (ssize_t got = 1; byte != '\n' && got != 0;) {
    got = read(STDIN_FILENO, &byte, 1);
    if (got < 0 && errno != EINTR) break;
  }
  say("out ", name_of(number));
}

// Runs once, before `ready`: without an option and for --nest.
static void install_handlers(bool nest) {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = on_signal;
  action.sa_mask = listed_set;  // as long as one handler runs, no other may start
  if (nest) {
    action.sa_flags = 0;
    action.sa_handler = on_nested;
    sigemptyset(&action.sa_mask);  // the kernel adds the handler's own signal
  }
  for (const int s : listed) must(sigaction(s, &action, nullptr), "sigaction");
}

// Runs for `go`, without an option and for --nest: lets in what is pending, and holds again.
static void let_in() {
  // Every pending one is delivered before the first call returns.
  must(sigprocmask(SIG_UNBLOCK, &listed_set, nullptr), "sigprocmask");
  must(sigprocmask(SIG_BLOCK, &listed_set, nullptr), "sigprocmask");
}

// Runs for `drop` (stretch): throws away what is pending and listed. False: it is not known yet.
static bool drop() {
  Delivery d;
  while (take_next(d)) {}
  return true;
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
  int status = 0;
  for (const Sending& one : all) {
    sigval value{};
    value.sival_int = one.value;
    const int sent = one.has_value ? sigqueue(to, one.number, value) : kill(to, one.number);
    if (sent == 0) continue;
    dprintf(STDERR_FILENO, "order: %s: %s\n", one.word.c_str(), strerror(errno));
    status = 1;
  }
  return status;
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
  if (option == "--fd") return Way::fd;
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
