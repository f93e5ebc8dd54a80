// Another build of it. --sysv: limit becomes the command and the kernel gives the permit back, since the note of SEM_UNDO
// outlives exec; a set of two, whose gate, and the permit behind it, are one operation. --posix: a child that is waited
// for by its pidfd, beside a signalfd; a wait with a limit by the clock that can be set.
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <string>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command_line.hpp"

namespace {

[[noreturn]] void trouble(const Order& order) {
  const int why = errno;
  fprintf(stderr, "limit: %s: %s\n", order.name.c_str(), strerror(why));
  _exit(125);
}

[[noreturn]] void execute(char** command) {
  execvp(command[0], command);
  const int why = errno;
  fprintf(stderr, "limit: %s: %s\n", command[0], strerror(why));
  _exit(why == ENOENT ? 127 : 126);
}

int by_key(const Order& order) {
  if (order.verb != "run") {
    const int id = semget(order.key, 0, 0);
    if (id < 0) trouble(order);
    if (order.verb == "drop") return semctl(id, 0, IPC_RMID) < 0 ? 125 : 0;
    printf("free %d waiting %d\n", semctl(id, 0, GETVAL), semctl(id, 0, GETNCNT));
    return 0;
  }
  int id = -1;
  while (id < 0) {
    id = semget(order.key, 2, IPC_CREAT | IPC_EXCL | 0600);
    if (id >= 0) {
      unsigned short values[] = {static_cast<unsigned short>(order.n), 1};
      union {
        unsigned short* array;
      } argument{values};
      if (semctl(id, 0, SETALL, argument) < 0) trouble(order);
    } else {
      if (errno != EEXIST) trouble(order);
      id = semget(order.key, 0, 0);
      if (id < 0 && errno != ENOENT) trouble(order);
    }
  }
  const short flags = order.wait == Wait::not_at_all ? SEM_UNDO | IPC_NOWAIT : SEM_UNDO;
  sembuf steps[] = {{1, -1, 0}, {1, 1, 0}, {0, -1, flags}};
  for (;;) {
    const timespec left = from_now_to(order.until);
    if (semtimedop(id, steps, 3, order.wait == Wait::until ? &left : nullptr) == 0) execute(order.command);
    if (errno == EAGAIN) return 124;
    if (errno != EINTR) trouble(order);
  }
}

int attend(const Order& order) {
  sigset_t heard, before;
  sigemptyset(&heard);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&heard, s);
  sigprocmask(SIG_BLOCK, &heard, &before);
  const int signals = signalfd(-1, &heard, SFD_CLOEXEC);
  const pid_t self = getpid(), child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != self) _exit(125);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    execute(order.command);
  }
  if (child < 0) {
    dprintf(STDERR_FILENO, "limit: fork: %s: %s\n", order.name.c_str(), strerror(errno));
    return 125;
  }
  pollfd both[] = {{signals, POLLIN, 0}, {static_cast<int>(syscall(SYS_pidfd_open, child, 0)), POLLIN, 0}};
  for (;;) {
    if (poll(both, 2, -1) < 0) continue;
    if (both[1].revents != 0) break;
    signalfd_siginfo told{};
    if (read(signals, &told, sizeof told) == sizeof told && told.ssi_code <= 0)
      kill(child, static_cast<int>(told.ssi_signo));
  }
  siginfo_t end{};
  waitid(P_PID, static_cast<id_t>(child), &end, WEXITED);
  return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}

int by_name(const Order& order) {
  if (order.verb == "drop" && sem_unlink(order.name.c_str()) < 0) trouble(order);
  if (order.verb == "drop") return 0;
  const bool makes = order.verb == "run";
  sem_t* const permits =
      makes ? sem_open(order.name.c_str(), O_CREAT, S_IRUSR | S_IWUSR, order.n) : sem_open(order.name.c_str(), 0);
  if (permits == SEM_FAILED) trouble(order);
  if (!makes) {
    int free = 0;
    sem_getvalue(permits, &free);
    printf("free %d\n", free);
    return 0;
  }
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  const timespec left = from_now_to(order.until);
  until.tv_sec += left.tv_sec + (until.tv_nsec + left.tv_nsec) / 1000000000;
  until.tv_nsec = (until.tv_nsec + left.tv_nsec) % 1000000000;
  int taken = -1;
  do {
    if (order.wait == Wait::for_ever) taken = sem_wait(permits);
    else if (order.wait == Wait::until) taken = sem_timedwait(permits, &until);
    else taken = sem_trywait(permits);
  } while (taken < 0 && errno == EINTR);
  if (taken < 0 && (errno == EAGAIN || errno == ETIMEDOUT)) return 124;
  if (taken < 0) trouble(order);
  const int status = attend(order);
  sem_post(permits);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (order.verb.empty()) return usage();
  return order.sysv ? by_key(order) : by_name(order);
}
