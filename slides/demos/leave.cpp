// leave - makes a queue, a shared page and a semaphore by name; what is left when it has ended?
//
//   $ ./leave make /name ; ./leave look /name ; ./leave unlink /name
#include <cstdio>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <string>
#include <sys/mman.h>

#include "../../labs/must.hpp"

static void make(const char* name) {
  must(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, nullptr), "mq_open");
  must(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), "shm_open");
  if (sem_open(name, O_CREAT | O_EXCL, 0600, 3) == SEM_FAILED) must(-1, "sem_open");
}

static const char* there(bool is) { return is ? "is there" : "is gone"; }

static void look(const char* name) {
  printf("message queue %s\n", there(mq_open(name, O_RDONLY) >= 0));
  printf("shared memory %s\n", there(shm_open(name, O_RDONLY, 0) >= 0));
  printf("semaphore     %s\n", there(sem_open(name, 0) != SEM_FAILED));
}

static void unlink_all(const char* name) {
  mq_unlink(name);
  shm_unlink(name);
  sem_unlink(name);
}

int main(int argc, char** argv) {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what == "make") make(argv[2]);
  else if (what == "look") look(argv[2]);
  else if (what == "unlink") unlink_all(argv[2]);
  else return 2;
}
