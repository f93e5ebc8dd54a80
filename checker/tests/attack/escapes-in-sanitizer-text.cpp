// Prints a sanitizer's report of its own making, with control codes: it is quoted escaped.
#include <cstdio>
#include <unistd.h>
int main() {
  std::fputs("WARNING: ThreadSanitizer: \033]0;owned\007\033[2J100/100 (pid=1)\n", stderr);
  return 66;
}
