// alone - after fork() two processes have one address and two memories
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

static int number = 1;

static void say(const char* who) { dprintf(1, "%s number is %d, at %p\n", who, number, static_cast<void*>(&number)); }

int main() {
  const pid_t child = fork();
  if (child == 0) {
    number = 2;
    say("child: ");
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  say("parent:");
}
