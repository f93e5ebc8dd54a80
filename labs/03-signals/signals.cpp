// signals - what each signal is called, what it does to a process, and what a process can do about it: by experiment
//
//   $ ./signals list | head -n 1
//   1 HUP
//   $ ./signals fate TERM KILL TSTP
//   15 TERM ends catch block ignore
//   9 KILL ends - - -
//   20 TSTP stops catch block ignore
//   $ (trap '' HUP; ./signals fate --here HUP)
//   1 HUP nothing
//   $ sleep 60 & ./signals send TERM $!
//
// The handout is labs/03-signals/README.md.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <vector>

#include "command_line.hpp"
#include "must.hpp"

// Further: whether `fate --core` can be asked.
constexpr bool knows_core = false;  // TODO 8, further: true, once you have done it

// An experiment runs in a child and answers with one of these, as its exit status: numbers that no other end has.
enum Answer { no = 100, yes, waiting };

// The numbers of all signals that a program may use, ascending.
static std::vector<int> usable() {
  // TODO 1: from 1 to SIGRTMAX, without the two that the C library keeps for itself. How does sigaddset() treat those?
  return {};
}

// Given. Prints every signal: number and name.
static void list() {
  for (const int number : usable()) say(std::to_string(number) + " " + name_of(number));
}

// Given. Runs `experiment` in a child, which ends with its answer. In a process group of its own, it can be stopped by
// TSTP, TTIN and TTOU even where this program leads a session (its group would be "orphaned": see the handout).
[[maybe_unused]] static pid_t start(const std::function<Answer()>& experiment) {
  const pid_t child = must(fork(), "fork");
  if (child != 0) return child;
  setpgid(0, 0);
  _exit(experiment());
}

// Given. Runs in the parent: ends a child that may have been stopped, and waits for it.
[[maybe_unused]] static void end(pid_t child) {
  kill(child, SIGKILL);
  must(waitpid(child, nullptr, 0), "waitpid");
}

// Runs in the parent: waits until the child has ended or stopped, and returns the wait status that tells how.
static int outcome_of(pid_t child) {
  int status = 0;
  // TODO 2: wait for it. The wait status is what the whole lab is about.
  // TODO 3: it may stop instead of ending. What does waitpid() not tell unless it is asked, and who ends the child then?
  (void)child;
  return status;
}

// Runs in the child: makes it a process with the default disposition for `number` and nothing blocked. A kernel that
// refuses to set the disposition has just been found out: no error.
static void forget_what_was_inherited(int number) {
  // TODO 6: two things are inherited by fork and by exec. Which, and which calls put them right? (See start_clean, too.)
  (void)number;
}

// Runs in the child: whether the signal has been sent to this process and is held back because it is blocked.
[[maybe_unused]] static bool is_pending(int number) {
  // TODO 5: which call asks the kernel for the set of what is held back?
  (void)number;
  return false;
}

// Runs in the parent: whether a stopped child goes on when the signal is sent to it.
[[maybe_unused]] static bool goes_on(int number, bool here) {
  // TODO 4: a child that stops itself and then stays (a lambda that never returns is `[=]() -> Answer`); once it has
  //         stopped, the signal; and a question that does not wait for an answer. Which two flags does waitpid() need?
  (void)number, (void)here;
  return false;
}

// Runs in the parent: what becomes of a process that gets the signal, in one word.
static std::string fate_of(int number, const Order& order) {
  // TODO 2: start() a child that sends itself the signal. What does its outcome say: WIFSIGNALED, or else?
  // TODO 3: and what does it say of one that has stopped?
  // TODO 4: nothing happened to it. But would a stopped one have gone on?
  // TODO 6: only with --here the child forgets nothing, and then the signal may be pending in it: "waits".
  (void)number, (void)order;
  return "nothing";
}

static volatile sig_atomic_t caught = 0;

// Given. A handler.
[[maybe_unused]] static void note_it(int) { caught = 1; }

// Runs in the child: is a handler accepted, and does it run?
static Answer can_catch(int number) {
  // TODO 5: set note_it() as the handler. What if that is refused? What proves that it ran?
  (void)number;
  return no;
}

// Runs in the child: can the signal be held back?
static Answer can_block(int number) {
  // TODO 5: block it and send it. That the child is alive proves nothing: what does?
  (void)number;
  return no;
}

// Runs in the child: is it accepted that the signal is ignored, and does the child live on?
static Answer can_ignore(int number) {
  // TODO 5: ignore it and send it. What does a child prove that still answers afterwards?
  (void)number;
  return no;
}

// Given. Runs in the parent: one experiment in a child that has forgotten what it inherited. Only a child that ended by
// itself, with `yes`, has proved anything.
static bool proves(Answer (*experiment)(int), int number) {
  const int status = outcome_of(start([=] {
    forget_what_was_inherited(number);
    return experiment(number);
  }));
  return WIFEXITED(status) && WEXITSTATUS(status) == yes;
}

// Given. Prints the line of one signal.
static void report(int number, const Order& order) {
  std::string line = std::to_string(number) + " " + name_of(number) + " " + fate_of(number, order);
  if (!order.here) {
    line += proves(can_catch, number) ? " catch" : " -";
    line += proves(can_block, number) ? " block" : " -";
    line += proves(can_ignore, number) ? " ignore" : " -";
  }
  say(line);
}

// Sends the signal once; 0 only asks whether it could be sent. Returns the exit status.
static int send(int number, pid_t pid) {
  // TODO 7: one call. When it fails, errno says why: who tells the user?
  (void)number, (void)pid;
  return 0;
}

// Given. Runs in the parent, before any child: nothing that this program inherited gets in the way of its work.
static void start_clean(bool wants_core_files) {
  // TODO 6: with SIGCHLD ignored, a parent that waits finds no children (wait(2)). What must be done about that here?
  // 1 byte, not 0: with 0 the kernel would still call a program that collects core files, where there is one (core(5)).
  rlimit limit{};
  must(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
  limit.rlim_cur = wants_core_files ? limit.rlim_max : std::min<rlim_t>(1, limit.rlim_max);
  must(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
}

// TODO 8, further: core files are made in the working folder. How will they be gone when the program is done?

int main(int argc, char** argv) {
  const Order order = understand({argv + std::min(argc, 1), argv + argc}, usable(), knows_core);
  if (order.verb.empty()) return usage();
  if (order.verb == "list") list();
  if (order.verb == "send") return send(order.signals[0], order.pid);
  if (order.verb != "fate") return 0;

  start_clean(order.core);
  // TODO 8, further: a working folder for the core files
  for (const int number : order.signals) report(number, order);
}
