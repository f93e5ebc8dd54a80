// They wait for the clock, in each call that takes a time, and by descriptors that do.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/time_types.h>
#include <mutex>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

#include "waiters.hpp"

namespace waiters {
namespace {

timespec deadline() {
  timespec when{};
  clock_gettime(CLOCK_REALTIME, &when);
  when.tv_nsec += brief * 1000000L;
  if (when.tv_nsec >= 1000000000L) when.tv_nsec -= 1000000000L, ++when.tv_sec;
  return when;
}

void timed_condition() {
  std::mutex m;
  std::condition_variable c;
  std::unique_lock lock(m);
  c.wait_for(lock, std::chrono::milliseconds(brief));
}

void timer_by_epoll() {
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0), epoll = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  const itimerspec when = in_ms(brief);
  epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
  timerfd_settime(timer, 0, &when, nullptr);
  epoll_wait(epoll, &event, 1, -1);
}

void timer_by_read() {
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  const itimerspec when = in_ms(brief);
  timerfd_settime(timer, 0, &when, nullptr);
  unsigned long long ticks = 0;
  if (read(timer, &ticks, sizeof ticks) != sizeof ticks) _exit(1);
}

// The timer is in a table of descriptors that only the other thread has.
void timer_of_a_thread() {
  std::thread other([] {
    if (unshare(CLONE_FILES) < 0) _exit(1);
    timer_by_read();
  });
  other.join();
}

// A pseudo-terminal of its own, whose read ends after a tenth of a second without a byte.
void terminal_time() {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) _exit(1);
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  termios mode{};
  if (slave < 0 || tcgetattr(slave, &mode) < 0) _exit(1);
  cfmakeraw(&mode);
  mode.c_cc[VMIN] = 0;
  mode.c_cc[VTIME] = 1;
  char byte;
  if (tcsetattr(slave, TCSANOW, &mode) < 0 || read(slave, &byte, 1) != 0) _exit(1);
}

}  // namespace

const Named for_the_clock{
    {"usleep", [] { fall_asleep(brief); }},
    {"poll", [] { poll(nullptr, 0, brief); }},
    {"ppoll",
     [] {
       const timespec limit{0, brief * 1000000L};
       ppoll(nullptr, 0, &limit, nullptr);
     }},
    {"select",
     [] {
       timeval limit{0, brief * 1000};
       select(0, nullptr, nullptr, nullptr, &limit);
     }},
    {"condition-variable", timed_condition},
    {"sem_timedwait",
     [] {
       sem_t s;
       sem_init(&s, 0, 0);
       const timespec when = deadline();
       sem_timedwait(&s, &when);
     }},
    {"timerfd-epoll", timer_by_epoll},
    {"timerfd-read", timer_by_read},
    {"timerfd-of-a-thread", timer_of_a_thread},
    {"terminal-time", terminal_time},
};

}  // namespace waiters
