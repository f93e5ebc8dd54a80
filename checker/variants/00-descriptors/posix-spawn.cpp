// redirect with posix_spawn: the files are opened here, and a list of actions says where they go in the child.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

static int usage() {
  dprintf(STDERR_FILENO, "usage: redirect [-i FILE] [-o FILE] [-a FILE] [-e FILE] [--] CMD [ARG...]\n");
  return 2;
}

static int refused(const char* what, int why, int status) {
  dprintf(STDERR_FILENO, "redirect: %s: %s\n", what, std::strerror(why));
  return status;
}

// Opens above 2, so that an action on 0, 1 or 2 never meets another file's number.
static int open_above(const char* file, int flags) {
  const int low = open(file, flags | O_CLOEXEC, 0666);
  if (low < 0 || low > 2) return low;
  const int fd = fcntl(low, F_DUPFD_CLOEXEC, 3);
  close(low);
  return fd;
}

int main(int, char** argv) {
  signal(SIGCHLD, SIG_DFL);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  char** word = argv + 1;
  for (; *word && (*word)[0] == '-'; word += 2) {
    const std::string_view option = *word;
    if (option == "--") {
      ++word;
      break;
    }
    if (option.size() != 2 || std::string_view("ioae").find(option[1]) == std::string_view::npos || !word[1]) return usage();
    if (option == "-e" && std::string_view(word[1]) == "@1") {
      posix_spawn_file_actions_adddup2(&actions, 1, 2);
      continue;
    }
    const int flags = option == "-i" ? O_RDONLY : O_WRONLY | O_CREAT | (option == "-a" ? O_APPEND : O_TRUNC);
    const int fd = open_above(word[1], flags);
    if (fd < 0) return refused(word[1], errno, 125);
    posix_spawn_file_actions_adddup2(&actions, fd, option == "-i" ? 0 : option == "-e" ? 2 : 1);
  }
  if (!*word) return usage();
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);

  pid_t pid = 0;
  if (const int why = posix_spawnp(&pid, *word, &actions, nullptr, word, environ)) return refused(*word, why, why == ENOENT ? 127 : why == EAGAIN || why == ENOMEM ? 125 : 126);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
