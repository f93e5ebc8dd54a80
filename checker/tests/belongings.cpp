// Names and keys that tell whose they are, on the machine's own objects: what one process makes here, it removes.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "room/belongings.hpp"

namespace {

bool is_there(const std::string& name) { return access(("/dev/shm/sem." + name.substr(1)).c_str(), F_OK) == 0; }
bool queue_is_there(const std::string& name) { return bool(base::Fd(mq_open(name.c_str(), O_RDONLY))); }

// Not every process has the capability to make one of the size that the kernel gives unasked.
bool make_queue(const std::string& name) {
  mq_attr small{};
  small.mq_maxmsg = 1, small.mq_msgsize = 8;
  return bool(base::Fd(mq_open(name.c_str(), O_CREAT | O_EXCL | O_RDONLY, 0600, &small)));
}

}  // namespace

TEST_CASE("what a check that ended has left is found by its mark, and nothing else") {
  const std::string ours = room::free_name();
  REQUIRE(make_queue(ours));
  REQUIRE(sem_open(ours.c_str(), O_CREAT, 0600, 1) != SEM_FAILED);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {  // a check that makes three things, and is killed
    const std::string name = room::free_name();
    const key_t key = room::free_key();
    sem_open(name.c_str(), O_CREAT, 0600, 1);
    semget(key, 1, IPC_CREAT | 0600);
    make_queue(name);  // also where no file system shows it
    static_cast<void>(!write(ends[1], &key, sizeof key));
    static_cast<void>(!write(ends[1], name.c_str(), name.size()));
    kill(getpid(), SIGKILL);
  }
  close(ends[1]);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  key_t key = 0;
  char name[100] = "";
  REQUIRE(read(ends[0], &key, sizeof key) == static_cast<ssize_t>(sizeof key));
  REQUIRE(read(ends[0], name, sizeof name - 1) > 0);
  close(ends[0]);
  CHECK(is_there(name));
  CHECK(queue_is_there(name));
  CHECK(semget(key, 0, 0) >= 0);
  room::remove_left_by(child);
  CHECK_FALSE(is_there(name));
  CHECK_FALSE(queue_is_there(name));
  CHECK(semget(key, 0, 0) < 0);
  CHECK(is_there(ours));
  CHECK(queue_is_there(ours));
  sem_unlink(ours.c_str());
  mq_unlink(ours.c_str());
}

TEST_CASE("a key is the pid of its check and a number, and another number is no mark of ours") {
  const auto object = [](unsigned key) {
    char text[32];
    snprintf(text, sizeof text, "key 0x%x", key);
    return see::IpcObject{see::IpcObject::Kind::sysv_semaphores, text, 0};
  };
  const auto key = static_cast<unsigned>(room::free_key());
  CHECK(room::belongs_to(object(key), getpid()));
  CHECK_FALSE(room::belongs_to(object(1U << 10), getpid()));
  CHECK(static_cast<unsigned>(room::free_key()) != key);
}
