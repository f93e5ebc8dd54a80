// Stuck on a process, a thread or a signal, and below watchdogs that are too long for anybody.
#include <csignal>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "hangs.hpp"

namespace hangs {
namespace {

void stopped_child() {
  waitpid(child([] { raise(SIGSTOP); }), nullptr, 0);
}

void wait_for_one_more_thread() {
  std::thread other([] {
    for (;;) pause();
  });
  other.join();
}

// The main thread has ended; another one lives on and holds what the process has.
void leader_ended() {
  static Two p;
  std::thread([] { must(read(p.ends[0], &byte, 1) >= 0); }).detach();
  pthread_exit(nullptr);
}

void lost_wake_up() {
  signal(SIGUSR1, heard);
  kill(getpid(), SIGUSR1);
  pause();
}

void sigwait_for_nobody() {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, SIGUSR1), sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  int which = 0;
  sigwait(&set, &which);
}

// A timer that was set and taken back is none.
void alarm_taken_back() {
  alarm(1);
  alarm(0);
  pause();
}

// A watchdog that ends it only when everybody has given up, and a hang below it.
void alarm_of_a_minute() {
  alarm(60);
  write_end_in_parent();
}

// Its handler lets no call begin again.
void alarm_then_signal() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, nullptr);
  must(alarm(60) == 0);
  must(write(1, "set", 3) == 3);
  pause();
}

void vfork_child_pauses() {
  if (vfork() == 0) {
    pause();
    _exit(0);
  }
}

void reads_from_behind() {
  // A child in a background group of the terminal: SIGTTIN stops it, and nobody continues it.
  const pid_t behind = child([] {
    setpgid(0, 0);
    must(read(0, &byte, 1) >= 0);
  });
  setpgid(behind, behind);
  waitpid(behind, nullptr, 0);
}

}  // namespace

const Named on_others{
    {"stopped-child", stopped_child},
    {"thread-join", wait_for_one_more_thread},
    {"leader-ended", leader_ended},
    {"lost-wake-up", lost_wake_up},
    {"sigwait", sigwait_for_nobody},
    {"vfork", vfork_child_pauses},
    {"terminal-from-behind", reads_from_behind},
    {"alarm-taken-back", alarm_taken_back},
    {"alarm-of-a-minute", alarm_of_a_minute},
    {"alarm-then-signal", alarm_then_signal},
};

}  // namespace hangs
