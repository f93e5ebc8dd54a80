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
constexpr bool knows_core = true;

// An experiment runs in a child and answers with one of these, as its exit status: numbers that no other end has.
enum Answer { no = 100, yes, waiting };

// The numbers of all signals that a program may use, ascending.
static std::vector<int> usable() {
  std::vector<int> numbers;
  sigset_t set;
  sigemptyset(&set);
  // The C library keeps 32 and 33 for its threads: a set refuses them, like every number that is no signal.
  for (int number = 1; number <= SIGRTMAX; ++number)
    if (sigaddset(&set, number) == 0) numbers.push_back(number);
  return numbers;
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
  must(waitpid(child, &status, WUNTRACED), "waitpid");
  if (WIFSTOPPED(status)) end(child);
  return status;
}

// Runs in the child: makes it a process with the default disposition for `number` and nothing blocked. A kernel that
// refuses to set the disposition has just been found out: no error.
static void forget_what_was_inherited(int number) {
  signal(number, SIG_DFL);
  sigset_t nothing;
  sigemptyset(&nothing);
  sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

// Runs in the child: whether the signal has been sent to this process and is held back because it is blocked.
[[maybe_unused]] static bool is_pending(int number) {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, number) == 1;
}

// Runs in the parent: whether a stopped child goes on when the signal is sent to it.
[[maybe_unused]] static bool goes_on(int number, bool here) {
  const pid_t child = start([=]() -> Answer {
    if (!here) forget_what_was_inherited(number);
    kill(getpid(), SIGSTOP);
    for (;;) pause();  // if it ended by itself now, the parent might see its end and not that it went on
  });
  must(waitpid(child, nullptr, WUNTRACED), "waitpid");
  kill(child, number);
  // The kernel notes that the child goes on before kill() returns: there is nothing to wait for.
  int status = 0;
  const bool went_on = waitpid(child, &status, WCONTINUED | WNOHANG) == child && WIFCONTINUED(status);
  end(child);
  return went_on;
}

// Runs in the parent: what becomes of a process that gets the signal, in one word.
static std::string fate_of(int number, const Order& order) {
  // A process that sends itself a signal that is not blocked has it before kill() returns. So it has either happened by
  // the time the child goes on, or it never will.
  const int status = outcome_of(start([&] {
    if (!order.here) forget_what_was_inherited(number);
    kill(getpid(), number);
    return is_pending(number) ? waiting : no;
  }));
  if (WIFSIGNALED(status)) return order.core && WCOREDUMP(status) ? "core" : "ends";
  if (WIFSTOPPED(status)) return "stops";
  if (WEXITSTATUS(status) == waiting) return "waits";
  return goes_on(number, order.here) ? "continues" : "nothing";
}

static volatile sig_atomic_t caught = 0;

// Given. A handler.
[[maybe_unused]] static void note_it(int) { caught = 1; }

// Runs in the child: is a handler accepted, and does it run?
static Answer can_catch(int number) {
  struct sigaction action {};
  action.sa_handler = note_it;
  if (sigaction(number, &action, nullptr) < 0) return no;
  kill(getpid(), number);
  return caught ? yes : no;
}

// Runs in the child: can the signal be held back?
static Answer can_block(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  kill(getpid(), number);
  return is_pending(number) ? yes : no;
}

// Runs in the child: is it accepted that the signal is ignored, and does the child live on?
static Answer can_ignore(int number) {
  if (signal(number, SIG_IGN) == SIG_ERR) return no;
  kill(getpid(), number);
  return yes;
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
  if (kill(pid, number) == 0) return 0;
  trouble("kill", errno);
  return 1;
}

// Given. Runs in the parent, before any child: nothing that this program inherited gets in the way of its work.
static void start_clean(bool wants_core_files) {
  // Where SIGCHLD is ignored, children vanish and waitpid() finds none. Its default action is to do nothing as well, so
  // that `fate --here` tells the same.
  signal(SIGCHLD, SIG_DFL);
  // 1 byte, not 0: with 0 the kernel would still call a program that collects core files, where there is one (core(5)).
  rlimit limit{};
  must(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
  limit.rlim_cur = wants_core_files ? limit.rlim_max : std::min<rlim_t>(1, limit.rlim_max);
  must(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
}

// A working folder that goes, with the core files in it, when the program is done.
class Scratch {
  std::string folder_ = "/tmp/signals.XXXXXX";
 public:
  Scratch() {
    if (!mkdtemp(folder_.data())) must(-1, "mkdtemp");
    must(chdir(folder_.c_str()), "chdir");
  }
  ~Scratch() {
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
  }
};

int main(int argc, char** argv) {
  const Order order = understand({argv + std::min(argc, 1), argv + argc}, usable(), knows_core);
  if (order.verb.empty()) return usage();
  if (order.verb == "list") list();
  if (order.verb == "send") return send(order.signals[0], order.pid);
  if (order.verb != "fate") return 0;

  start_clean(order.core);
  std::optional<Scratch> scratch;
  if (order.core) scratch.emplace();
  for (const int number : order.signals) report(number, order);
}
