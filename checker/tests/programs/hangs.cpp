// Programs that are stuck for ever, one for each class of hang that learners make. `hangs NAME` runs one.
// Run in rooms by the harness's tests, which say how each must be told.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <linux/futex.h>
#include <map>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

char byte;
void heard(int) {}
void must(bool fine) {
  if (!fine) std::perror("hangs"), _exit(3);
}
void collect_all() {
  while (wait(nullptr) > 0) {}
}
pid_t child(const std::function<void()>& life) {
  const pid_t pid = fork();
  if (pid == 0) life(), _exit(0);
  return pid;
}
void fill(int fd) {
  const std::string much(1 << 20, 'x');
  must(write(fd, much.data(), much.size()) > 0);
}

struct Two {
  int ends[2];
  Two() { must(pipe(ends) == 0); }
};

void write_end_in_parent() {
  Two p;
  const pid_t reader = child([&] {
    close(p.ends[1]);
    must(read(p.ends[0], &byte, 1) >= 0);
  });
  waitpid(reader, nullptr, 0);
}

void write_end_in_reader() {
  Two p;
  child([&] { must(read(p.ends[0], &byte, 1) >= 0); });
  close(p.ends[1]);
  collect_all();
}

void write_end_in_sibling() {
  Two p;
  child([&] {
    close(p.ends[1]);
    must(read(p.ends[0], &byte, 1) >= 0);
  });
  child([&] {
    close(p.ends[0]);
    pause();
  });
  close(p.ends[1]);
  collect_all();
}

void full_pipe_own_read_end() {
  Two p;
  child([&] { fill(p.ends[1]); });
  child([&] { _exit(0); });
  close(p.ends[0]), close(p.ends[1]);
  collect_all();
}

void full_pipe_no_reader_yet() {
  Two p;
  const pid_t writer = child([&] {
    close(p.ends[0]);
    fill(p.ends[1]);
  });
  waitpid(writer, nullptr, 0);
}

void fifos_in_one_order() {
  must(mkfifo("a", 0600) == 0 && mkfifo("b", 0600) == 0);
  child([] { open("a", O_RDONLY), open("b", O_WRONLY); });
  open("a", O_RDONLY), open("b", O_WRONLY);
}

void fifo_both_ways() {
  must(mkfifo("f", 0600) == 0);
  must(read(open("f", O_RDWR), &byte, 1) >= 0);
}

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

mqd_t small_queue() {
  mq_attr attributes{};
  attributes.mq_maxmsg = 2;
  attributes.mq_msgsize = 8;
  const mqd_t q = mq_open("/jobs", O_RDWR | O_CREAT, 0600, &attributes);
  must(q >= 0);
  mq_unlink("/jobs");  // nothing stays, also where the room has no queues of its own
  return q;
}

void empty_mq() {
  char text[8];
  must(mq_receive(small_queue(), text, 8, nullptr) >= 0);
}
void full_mq() {
  const mqd_t q = small_queue();
  for (;;) must(mq_send(q, "x", 1, 0) == 0);
}

struct Message {
  long type = 1;
  char text[4096] = "";
};
void empty_sysv_queue() {
  Message m;
  must(msgrcv(msgget(IPC_PRIVATE, 0600), &m, sizeof m.text, 0, 0) >= 0);
}
void full_sysv_queue() {
  const int q = msgget(IPC_PRIVATE, 0600);
  const Message m;
  for (;;) must(msgsnd(q, &m, sizeof m.text, 0) == 0);
}

void take(int set, unsigned short index) {
  sembuf p{index, -1, SEM_UNDO};
  must(semop(set, &p, 1) == 0);
}
void two_locks_crosswise() {
  const int set = semget(IPC_PRIVATE, 2, 0600);
  must(semctl(set, 0, SETVAL, 1) == 0 && semctl(set, 1, SETVAL, 1) == 0);
  take(set, 1);
  Two go;
  child([&] {
    take(set, 0);
    must(write(go.ends[1], "x", 1) == 1);
    take(set, 1);
  });
  must(read(go.ends[0], &byte, 1) == 1);
  take(set, 0);
}

void named_semaphore() { sem_wait(sem_open("/permits", O_CREAT, 0600, 0)); }

void private_semaphore_in_shared_memory() {
  auto* s = static_cast<sem_t*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  sem_init(s, 1, 0);
  sem_wait(s);
}

void owner_died() {
  auto* m =
      static_cast<pthread_mutex_t*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  pthread_mutexattr_t shared;
  pthread_mutexattr_init(&shared), pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(m, &shared);
  waitpid(child([&] { pthread_mutex_lock(m); }), nullptr, 0);
  pthread_mutex_lock(m);
}

void nobody_connects() {
  const int s = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::snprintf(name.sun_path, sizeof name.sun_path, "door");
  must(bind(s, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 && listen(s, 1) == 0);
  accept(s, nullptr, nullptr);
}

void peer_kept_open() {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  must(recv(ends[0], &byte, 1, 0) >= 0);
}

void file_lock() {
  const int fd = open("lock", O_RDWR | O_CREAT, 0600);
  must(flock(fd, LOCK_EX) == 0);
  waitpid(child([] { flock(open("lock", O_RDWR), LOCK_EX); }), nullptr, 0);
}

void record_lock() {
  const int fd = open("lock", O_RDWR | O_CREAT, 0600);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  must(fcntl(fd, F_SETLK, &whole) == 0);
  waitpid(child([&] { fcntl(open("lock", O_RDWR), F_SETLKW, &whole); }), nullptr, 0);
}

void poll_on_a_pipe() {
  Two p;
  pollfd one{p.ends[0], POLLIN, 0};
  poll(&one, 1, -1);
}
void select_on_a_pipe() {
  Two p;
  fd_set set;
  FD_ZERO(&set);
  FD_SET(p.ends[0], &set);
  select(p.ends[0] + 1, &set, nullptr, nullptr, nullptr);
}
void epoll_on_a_pipe() {
  Two p;
  const int e = epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(e, EPOLL_CTL_ADD, p.ends[0], &event);
  epoll_wait(e, &event, 1, -1);
}

// The usual trick of a signal handler, beside the check's own input.
void self_pipe() {
  Two p;
  pollfd both[] = {{0, POLLIN, 0}, {p.ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

void poll_on_two_pipes() {
  Two a, b;
  pollfd both[] = {{a.ends[0], POLLIN, 0}, {b.ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

void poll_on_a_pipe_and_a_socket() {
  Two p;
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  pollfd both[] = {{p.ends[0], POLLIN, 0}, {ends[0], POLLIN, 0}};
  poll(both, 2, -1);
}

void several_words() {
#ifdef SYS_futex_waitv
  static std::uint32_t own = 0;
  futex_waitv two[2] = {};
  two[0].uaddr = reinterpret_cast<std::uintptr_t>(&own);
  two[1].uaddr = reinterpret_cast<std::uintptr_t>(
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  two[0].flags = two[1].flags = FUTEX_32;
  syscall(SYS_futex_waitv, two, 2, 0, nullptr, CLOCK_MONOTONIC);
#endif
}

// Never the same twice, and never at an end.
void prints_on() {
  for (int i = 0;; ++i) std::printf("%d\n", i), std::fflush(stdout), usleep(1000);
}
void spins_on() {
  for (volatile bool forever = true; forever;) {}
}

// Memory that no process has mapped: in files without a name, and in sockets.
void hold_memfds() {
  for (int i = 0; i < 40; ++i) must(fallocate(memfd_create("m", 0), 0, 0, 32 << 20) == 0);
  spins_on();
}

void hold_sockets() {
  const std::string much(1 << 17, 's');
  for (int i = 0; i < 30; ++i)
    child([&] {
      for (int pair = 0; pair < 115; ++pair) {
        int ends[2];
        must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
        for (const int end : ends)
          while (write(end, much.data(), much.size()) > 0) {}
      }
      pause();
    });
  spins_on();
}

// A process that nearly always waits for a CPU, beside others that live for less than a tick each, follow one another
// and are collected by nobody: neither budget sees much of it.
void unseen_and_nice() {
  const auto spin = [](long nanoseconds) {
    timespec from{}, now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec < nanoseconds);
  };
  signal(SIGCHLD, SIG_IGN);
  for (int i = 0; i < 24; ++i)
    child([&] {
      do spin(5000000);
      while (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr) == 0);
    });
  setpriority(PRIO_PROCESS, 0, 19);
  for (;;) spin(20000), usleep(100);
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

const std::map<std::string, std::function<void()>> hangs{
    {"write-end-in-parent", write_end_in_parent},
    {"write-end-in-reader", write_end_in_reader},
    {"write-end-in-sibling", write_end_in_sibling},
    {"full-pipe-own-read-end", full_pipe_own_read_end},
    {"full-pipe-no-reader-yet", full_pipe_no_reader_yet},
    {"fifos-in-one-order", fifos_in_one_order},
    {"fifo-both-ways", fifo_both_ways},
    {"stopped-child", stopped_child},
    {"thread-join", wait_for_one_more_thread},
    {"leader-ended", leader_ended},
    {"lost-wake-up", lost_wake_up},
    {"sigwait", sigwait_for_nobody},
    {"empty-mq", empty_mq},
    {"full-mq", full_mq},
    {"empty-sysv-queue", empty_sysv_queue},
    {"full-sysv-queue", full_sysv_queue},
    {"two-locks", two_locks_crosswise},
    {"named-semaphore", named_semaphore},
    {"shared-semaphore", private_semaphore_in_shared_memory},
    {"owner-died", owner_died},
    {"accept", nobody_connects},
    {"peer-kept-open", peer_kept_open},
    {"flock", file_lock},
    {"record-lock", record_lock},
    {"poll", poll_on_a_pipe},
    {"select", select_on_a_pipe},
    {"epoll", epoll_on_a_pipe},
    {"memfds", hold_memfds},
    {"sockets", hold_sockets},
    {"unseen-and-nice", unseen_and_nice},
    {"prints", prints_on},
    {"spins", spins_on},
    {"self-pipe", self_pipe},
    {"poll-two-pipes", poll_on_two_pipes},
    {"poll-pipe-and-socket", poll_on_a_pipe_and_a_socket},
    {"futex-waitv", several_words},
    {"alarm-taken-back", alarm_taken_back},
    {"alarm-of-a-minute", alarm_of_a_minute},
    {"alarm-then-signal", alarm_then_signal},
    {"vfork", vfork_child_pauses},
    {"terminal-from-behind", reads_from_behind},
    {"input", [] { must(read(0, &byte, 1) >= 0); }},
};

}  // namespace

int main(int argc, char** argv) {
  const auto found = argc == 2 ? hangs.find(argv[1]) : hangs.end();
  if (found == hangs.end()) return 2;
  found->second();
  return 0;
}
