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
  const int flags = option.letter == 'i' ? O_RDONLY : O_WRONLY | O_CREAT | (option.letter == 'a' ? O_APPEND : O_TRUNC);
  const int fd = open(option.file, flags | O_CLOEXEC, 0666);
  if (fd < 0) give_up(option.file);
  return fd;
}

// Runs in the child: makes `fd` the command's descriptor `place`, and leaves no second copy of it.
[[maybe_unused]] static void put(int fd, int place) {
  if (fd == place) {
    // It was opened at its place: dup2() would do nothing at all, and close-on-exec would stay.
    if (fcntl(fd, F_SETFD, 0) < 0) give_up("fcntl");
    return;
  }
  if (dup2(fd, place) < 0) give_up("dup2");
  close(fd);
}

// Runs in the child: connects what one option names.
[[maybe_unused]] static void redirect(const Option& option) {
  const int place = option.letter == 'i' ? 0 : option.letter == 'e' ? 2 : 1;
  if (place == 2 && std::string(option.file) == "@1") {
    if (dup2(1, 2) < 0) give_up("@1");  // a second number for the same open file, with the one offset
    return;
  }
  put(open_for(option), place);
}

// Runs in the child, and never returns: connects the files in the order of the options, and becomes the command.
[[noreturn, maybe_unused]] static void become(const Order& order) {
  for (const Option& option : order.options) redirect(option);
  // Whatever this program inherited above 2 is none of the command's business.
  if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) give_up("close_range");
  execvp(order.command[0], order.command);
  const int why = errno;  // complain() may change it
  complain(order.command[0], why);
  _exit(why == ENOENT ? 127 : 126);
}

// Runs in the parent: what a wait status says, as a shell would say it.
[[maybe_unused]] static int exit_status(int word) {
  return WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
}

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (!order.command) {
    dprintf(STDERR_FILENO, "usage: redirect [-i FILE] [-o FILE] [-a FILE] [-e FILE] [--] CMD [ARG...]\n");
    return 2;
  }
  signal(SIGCHLD, SIG_DFL);  // Given. Where it is inherited as ignored, a child's status is thrown away.

  int word = 0;
  const pid_t pid = fork();
  if (pid == 0) become(order);
  if (pid < 0) {
    complain("fork", errno);
    return 125;
  }
  while (waitpid(pid, &word, 0) < 0) {
    if (errno == EINTR) continue;  // a signal came: nobody has been waited for
    complain("waitpid", errno);
    return 125;
  }
  return exit_status(word);
}
