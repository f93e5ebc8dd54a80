// redirect - run a command with its input, output and errors connected to files
//
//   $ ./redirect -o list.txt ls
//   $ ./redirect -i list.txt -a log.txt wc -l ; echo $?
//   0
//   $ ./redirect -e errors.txt ls no-such-file ; echo $?
//   2
//
// The handout is labs/00-descriptors/README.md.
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "must.hpp"

// One option: its letter, and the file that follows it.
struct Option {
  char letter;
  const char* file;
};

// The command line, taken apart. `command` is what execvp() wants: words, with a null pointer at the end.
struct Order {
  std::vector<Option> options;
  char** command = nullptr;
};

// Given. Options end at the first word that does not begin with "-", or after "--". No command where the line is wrong.
static Order parse(int argc, char** argv) {
  Order order;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 2) {
    const std::string word = argv[i];
    if (word == "--") {
      ++i;
      break;
    }
    if ((word != "-i" && word != "-o" && word != "-a" && word != "-e") || i + 1 >= argc) return {};
    // TODO 7, beyond the 100 points: let "-e @1" through, and see to it in redirect().
    if (word == "-e" && std::string(argv[i + 1]) == "@1") return {};  // for now
    order.options.push_back({word[1], argv[i + 1]});
  }
  if (i < argc) order.command = argv + i;
  return order;
}

// Given. Says a refusal of the system on standard error, once and in one piece.
[[maybe_unused]] static void complain(const char* what, int why) {
  dprintf(STDERR_FILENO, "redirect: %s: %s\n", what, strerror(why));
}

// Given. Runs in the child when it cannot go on: redirect's own trouble, not the command's.
[[noreturn, maybe_unused]] static void give_up(const char* what) {
  complain(what, errno);
  _exit(125);
}

// Runs in the child: opens the file of one option as that option wants it. Returns its descriptor.
[[maybe_unused]] static int open_for(const Option& option) {
  // TODO 4: which flags does each letter need? Which permissions does a new file get? What if it cannot be opened?
  (void)option;
  return -1;
}

// Runs in the child: makes `fd` the command's descriptor `place`, and leaves no second copy of it.
[[maybe_unused]] static void put(int fd, int place) {
  // TODO 5: which call gives an open file a second number, chosen by you? What becomes of the first one?
  (void)fd, (void)place;
}

// Runs in the child: connects what one option names.
[[maybe_unused]] static void redirect(const Option& option) {
  const int place = option.letter == 'i' ? 0 : option.letter == 'e' ? 2 : 1;
  // TODO 7, beyond the 100 points: "-e @1" makes errors go wherever output goes at this point.
  put(open_for(option), place);
}

// Runs in the child, and never returns: connects the files in the order of the options, and becomes the command.
[[noreturn, maybe_unused]] static void become(const Order& order) {
  for (const Option& option : order.options) redirect(option);
  // TODO 6: what else is open here, that the command should not get? Look in /proc/PID/fd.
  // TODO 1: which call replaces this process by the command, looked for in PATH? What if it comes back?
  _exit(0);
}

// Runs in the parent: what a wait status says, as a shell would say it.
[[maybe_unused]] static int exit_status(int word) {
  // TODO 3: which macros take a wait status apart? When is the answer 128 + n?
  (void)word;
  return 0;
}

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (!order.command) {
    dprintf(STDERR_FILENO, "usage: redirect [-i FILE] [-o FILE] [-a FILE] [-e FILE] [--] CMD [ARG...]\n");
    return 2;
  }
  signal(SIGCHLD, SIG_DFL);  // Given. Where it is inherited as ignored, a child's status is thrown away.

  int word = 0;
  // TODO 1: make a child that becomes the command. What if there is no child to be had?
  // TODO 2: wait until it has ended: which call tells you so, and can it come back without that?
  return exit_status(word);
}
