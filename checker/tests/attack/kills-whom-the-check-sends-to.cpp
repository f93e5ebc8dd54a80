// Lab 00, check waits: ends and collects whom the check is about to signal. That is its failure.
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
static volatile pid_t child;
int main(int, char** argv) {
  child = fork();
  if (child == 0) execvp(argv[1], argv + 1), _exit(127);
  signal(SIGCHLD, [](int) {
    signal(SIGCHLD, SIG_DFL);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  });
  for (;;) pause();
}
