// Where rooms share the machine's objects with others (rung 4), nobody is accused of a stranger's, and nobody removes them.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "grade/worker/scratch.hpp"
#include "grade/worker/worker.hpp"
#include "play/testbed/testbed.hpp"
#include "play/testbed/wait.hpp"
#include "room/aftermath.hpp"
#include "room/belongings.hpp"
#include "see/calls.hpp"

TEST_CASE("on a machine that others use, what they make meanwhile is nobody's, and stays") {
  const grade::Scratch scratch;
  const std::string name = fmt::format("/strangers-{}", getpid());
  base::Pipe made = base::make_pipe(), entered = base::make_pipe();
  grade::Worker worker(
      [&] {
        room::Room room(room::Rung::subreaper, scratch.path(), {});
        play::Testbed testbed(room, ".");
        base::write_all(entered.write_end.get(), "!");
        base::read_some(made.read_end.get(), 1);
        auto& program = testbed.start_path("/bin/true", {}, play::Testbed::Tie::streams);
        static_cast<void>(play::wait_until(testbed, [&] { return program.ending.has_value(); }));
        const auto left = room::aftermath(room, testbed.program_pids(), testbed.objects_before(), testbed.met());
        std::string names;
        for (const see::IpcObject& object : left.objects) names += fmt::format("{} {} ", see::describe(object), object.id);
        testbed.clear();
        return names;
      },
      60);
  base::read_some(entered.read_end.get(), 1);
  const int segment = shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT), set = semget(IPC_PRIVATE, 1, 0600 | IPC_CREAT);
  REQUIRE(segment >= 0);
  REQUIRE(set >= 0);
  base::Fd(shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
  base::write_all(made.write_end.get(), "!");
  worker.wait();
  CHECK(worker.trouble().empty());
  CHECK(worker.answer().find(fmt::format(" {} ", segment)) == std::string::npos);
  CHECK(worker.answer().find(fmt::format(" {} ", set)) == std::string::npos);
  CHECK(worker.answer().find(name) == std::string::npos);
  // The kernel names who made it, and who changed it last.
  const see::IpcObject made_here{see::IpcObject::Kind::sysv_segment, "key 0x0", segment};
  CHECK(room::is_of_check(made_here, {getpid()}));
  CHECK_FALSE(room::is_of_check(made_here, {getppid()}));
  const see::IpcObject set_here{see::IpcObject::Kind::sysv_semaphores, "key 0x0", set};
  CHECK_FALSE(room::is_of_check(set_here, {getpid()}));
  CHECK(semctl(set, 0, SETVAL, 1) == 0);
  CHECK(room::is_of_check(set_here, {getpid()}));
  CHECK(shmctl(segment, IPC_RMID, nullptr) == 0);  // it is still there
  CHECK(semctl(set, 0, IPC_RMID) == 0);
  CHECK(shm_unlink(name.c_str()) == 0);
}

TEST_CASE("what somebody of the room sleeps on is the check's, though the kernel names nobody with it") {
  const int queue = msgget(IPC_PRIVATE, 0600), set = semget(IPC_PRIVATE, 1, 0600);
  const see::IpcObject queue_here{see::IpcObject::Kind::sysv_queue, "key 0x0", queue}, set_here{see::IpcObject::Kind::sysv_semaphores, "key 0x0", set};
  CHECK_FALSE(room::is_of_check(queue_here, {getpid()}));
  std::vector<pid_t> sleepers;
  for (const bool on_queue : {true, false}) {
    const pid_t child = fork();
    if (child == 0) {
      long letter[2];
      sembuf take{0, -1, 0};
      _exit(on_queue ? static_cast<int>(msgrcv(queue, letter, sizeof letter[1], 0, 0)) : semop(set, &take, 1));
    }
    sleepers.push_back(child);
    while (see::sleeping_calls(child).empty()) sched_yield();
  }
  CHECK(room::is_of_check(queue_here, {getpid()}));
  CHECK(room::is_of_check(set_here, {getpid()}));
  for (const pid_t child : sleepers) {
    kill(child, SIGKILL);
    CHECK(waitpid(child, nullptr, 0) == child);
  }
  CHECK_FALSE(room::is_of_check(queue_here, {getpid()}));
  CHECK(msgctl(queue, IPC_RMID, nullptr) == 0);
  CHECK(semctl(set, 0, IPC_RMID) == 0);
}
