// Lab 01: a family in sessions of their own that ignores every signal and stays.
#include <csignal>
#include <ctime>
#include <unistd.h>
int main() {
  for (int s = 1; s < 65; ++s) signal(s, SIG_IGN);
  for (int i = 0; i < 12; ++i)
    if (fork() == 0) {
      setsid();
      for (;;) sleep(1000);
    }
  for (;;) {  // a sleep with a time limit: no verdict before the budget of wall time is used up
    timespec nap{0, 50000000};
    nanosleep(&nap, nullptr);
  }
}
