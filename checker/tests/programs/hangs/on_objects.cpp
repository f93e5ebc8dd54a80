// Stuck on queues, semaphores, locks and sockets.
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hangs.hpp"

namespace hangs {
namespace {

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

}  // namespace

const Named on_objects{
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
    {"futex-waitv", several_words},
};

}  // namespace hangs
