// Programs that are not stuck: each waits for something that will come by itself, then ends with 0.
// `waiters NAME` runs one, `waiters` lists them. Run in rooms by the harness's tests.
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <linux/time_types.h>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr int brief = 60;  // milliseconds: longer than a verdict of "quiet" takes

void fall_asleep(int ms) { usleep(static_cast<useconds_t>(ms) * 1000); }

void collect_all() {
  while (wait(nullptr) > 0) {}
}

itimerspec in_ms(int ms) {
  itimerspec when{};
  when.it_value.tv_nsec = ms * 1000000L;
  return when;
}

timespec deadline() {
  timespec when{};
  clock_gettime(CLOCK_REALTIME, &when);
  when.tv_nsec += brief * 1000000L;
  if (when.tv_nsec >= 1000000000L) when.tv_nsec -= 1000000000L, ++when.tv_sec;
  return when;
}

void heard(int) {}

void alarm_in_ms(int ms) {
  itimerval when{};
  when.it_value.tv_usec = ms * 1000;
  setitimer(ITIMER_REAL, &when, nullptr);
}

void ping_pong() {
  int there[2], back[2];
  if (pipe(there) < 0 || pipe(back) < 0) _exit(1);
  char ball = 'o';
  if (fork() == 0) {
    for (int i = 0; i < 5000 && read(there[0], &ball, 1) == 1; ++i)
      if (write(back[1], &ball, 1) != 1) break;
    _exit(0);
  }
  for (int i = 0; i < 5000; ++i)
    if (write(there[1], &ball, 1) != 1 || read(back[0], &ball, 1) != 1) _exit(1);
  collect_all();
}

// Small writes without TCP_NODELAY against delayed acknowledgements: only timers in the kernel move this on.
void nagle() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) < 0 || listen(listener, 1) < 0) _exit(1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  if (fork() == 0) {
    const int c = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c, reinterpret_cast<sockaddr*>(&address), size) < 0) _exit(1);
    char answer;
    for (int i = 0; i < 3; ++i)
      if (write(c, "a", 1) != 1 || write(c, "b", 1) != 1 || read(c, &answer, 1) != 1) _exit(1);
    _exit(0);
  }
  const int s = accept(listener, nullptr, nullptr);
  char two[2];
  for (int i = 0; i < 3; ++i) {
    for (size_t got = 0; got < 2;) got += static_cast<size_t>(std::max<ssize_t>(0, read(s, two + got, 2 - got)));
    if (write(s, "!", 1) != 1) _exit(1);
  }
  collect_all();
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

// The client says nothing: the kernel gives the connection away when its own time is over.
void deferred_accept() {
  const int second = 1, listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &second, sizeof second);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) < 0 || listen(listener, 1) < 0) _exit(1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  if (connect(client, reinterpret_cast<sockaddr*>(&address), size) < 0 || accept(listener, nullptr, nullptr) < 0)
    _exit(1);
}

// A time-out that was put into a ring; the wait is a poll without one. A kernel that has no rings has nothing to wait for.
void ring_and_poll() {
  io_uring_params p{};
  const int ring = static_cast<int>(syscall(SYS_io_uring_setup, 1, &p));
  if (ring < 0) _exit(0);
  const auto map = [&](size_t bytes, off_t at) {
    return static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring, at));
  };
  char* queue = map(p.sq_off.array + p.sq_entries * sizeof(std::uint32_t), IORING_OFF_SQ_RING);
  auto* entry = reinterpret_cast<io_uring_sqe*>(map(p.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES));
  __kernel_timespec when{0, brief * 1000000L};
  std::memset(entry, 0, sizeof *entry);
  entry->opcode = IORING_OP_TIMEOUT;
  entry->addr = reinterpret_cast<std::uintptr_t>(&when);
  entry->len = 1;
  __atomic_store_n(reinterpret_cast<std::uint32_t*>(queue + p.sq_off.tail), 1, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, ring, 1, 0, 0, nullptr, 0) != 1) _exit(1);
  pollfd one{ring, POLLIN, 0};
  poll(&one, 1, -1);
}

// Nobody handles the signal of the timer: it ends the child, and that is what the parent waits for.
void ended_by(const std::function<void()>& set_a_timer) {
  const pid_t child = fork();
  if (child == 0) {
    set_a_timer();
    for (;;) pause();
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGALRM) _exit(1);
}

// A reader that has kept the write end too: only its watchdog ends it, and that is meant.
void watchdog_of_a_reader() {
  int ends[2];
  if (pipe(ends) < 0) _exit(1);
  ended_by([&] {
    alarm_in_ms(brief);
    char byte;
    if (read(ends[0], &byte, 1) != 0) _exit(1);
  });
}

// A program may have a filter of its own, and it counts (seccomp(2)).
void behind_its_own_filter() {
  sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{std::size(code), code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) _exit(1);
  if (syscall(SYS_getppid) != -1 || errno != EDOM) _exit(1);
  ended_by([] { alarm_in_ms(brief); });
}

void posix_timer() {
  signal(SIGUSR1, heard);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  timer_t timer;
  const itimerspec when = in_ms(brief);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) _exit(1);
  timer_settime(timer, 0, &when, nullptr);
  pause();
}

void alarm_and_pause() {
  signal(SIGALRM, heard);
  alarm_in_ms(brief);
  pause();
}

void alarm_and_sigwait() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  alarm_in_ms(brief);
  int which = 0;
  sigwait(&set, &which);
}

void socket_timeout() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) _exit(1);
  const timeval limit{0, brief * 1000};
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char byte;
  if (recv(ends[0], &byte, 1, 0) >= 0) _exit(1);
}

void vfork_of_a_sleeper() {
  const pid_t child = vfork();
  if (child == 0) {
    execl("/bin/sleep", "sleep", "0.06", nullptr);
    _exit(127);
  }
  collect_all();
}

void computing_child() {
  if (fork() == 0) {
    volatile unsigned x = 1;
    for (unsigned i = 0; i < 60000000; ++i) x = x * 3 + 1;
    _exit(0);
  }
  collect_all();
}

void twenty_sleepers() {
  for (int i = 0; i < 20; ++i)
    if (fork() == 0) fall_asleep(20 + 5 * i), _exit(0);
  collect_all();
}

void many_forks() {
  for (int i = 0; i < 400; ++i) {
    if (fork() == 0) _exit(0);
    wait(nullptr);
  }
}

void file_sync() {
  const int fd = open("big", O_RDWR | O_CREAT, 0600);
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 50; ++i)
    if (write(fd, block.data(), block.size()) < 0) _exit(1);
  fsync(fd);
}

void sleeping_thread() {
  std::thread other([] { fall_asleep(brief); });
  other.join();
}

void stopped_and_continued() {
  const pid_t child = fork();
  if (child == 0) raise(SIGSTOP), _exit(0);
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  fall_asleep(brief);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
}

const std::map<std::string, std::function<void()>> waiters{
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
    {"sleeping-thread", sleeping_thread},
    {"computing-child", computing_child},
    {"timerfd-epoll", timer_by_epoll},
    {"timerfd-read", timer_by_read},
    {"timerfd-of-a-thread", timer_of_a_thread},
    {"terminal-time", terminal_time},
    {"deferred-accept", deferred_accept},
    {"ring", ring_and_poll},
    {"setitimer-default", [] { ended_by([] { alarm_in_ms(brief); }); }},
    {"alarm-default", [] { ended_by([] { alarm(1); }); }},
    {"alarm-watchdog", watchdog_of_a_reader},
    {"alarm-own-filter", behind_its_own_filter},
    {"posix-timer", posix_timer},
    {"alarm-pause", alarm_and_pause},
    {"alarm-sigwait", alarm_and_sigwait},
    {"socket-timeout", socket_timeout},
    {"vfork", vfork_of_a_sleeper},
    {"ping-pong", ping_pong},
    {"nagle", nagle},
    {"twenty-sleepers", twenty_sleepers},
    {"many-forks", many_forks},
    {"fsync", file_sync},
    {"stopped-and-continued", stopped_and_continued},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    for (const auto& [name, run] : waiters) std::puts(name.c_str());
    return 0;
  }
  const auto found = waiters.find(argv[1]);
  if (found == waiters.end()) return 2;
  found->second();
  return 0;
}
