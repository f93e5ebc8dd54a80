// Proofs that the words of a check carry the labs: a terminal, a semaphore and shared memory as the program's peer, and servers that the check talks to with plain sockets. And that a failed verdict says what it should.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.hpp"
#include "play/object/shared_memory.hpp"
#include "play/start/full_output.hpp"
#include "play/testbed/terminal.hpp"
#include "see/objects.hpp"
#include "tests/in_room.hpp"

namespace {

using tests::Story;

std::string ask(int socket, const std::string& question) {
  base::write_all(socket, question);
  return base::read_some(socket, 256);
}

}  // namespace

TEST_CASE("Ctrl-C reaches the whole foreground group of a terminal") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto job = play::lab.start_on_terminal("front");
          Story story;
          story << job.prints("ready\n") << job.catches(SIGINT) << job.is_in_foreground() << job.leads_its_session();
          job.type(play::key::ctrl_c);
          story << job.prints("caught SIGINT\n") << job.prints("child ended by 2\n") << job.exits_with(0);
          return story.result();
        }) == "holds");
}

TEST_CASE("a background reader of the terminal is stopped, and goes on in front") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto job = play::lab.start_on_terminal("behind");
          Story story;
          story << job.prints("stopped by 21\n");
          auto reader = play::lab.member("exe");
          story << reader.is_there() << reader.is_in_foreground() << reader.blocks_in("read", 0)
                << reader.is_child_of(job);
          job.type("four\n");
          story << job.prints("reader ended with 5\n") << job.exits_with(0);
          return story.result();
        }) == "holds");
}

TEST_CASE("the kernel counts who waits at a semaphore, and the check lets it in") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto worker = play::lab.start("permits");
          Story story;
          story << worker.prints("set ") << worker.blocks_in("semop");
          const int set = std::stoi(worker.printed().substr(4));
          const auto counters = see::sysv_semaphore(set, 0);
          if (!counters || counters->value != 0 || counters->waiting != 1) return std::string("the counters are wrong");
          sembuf give{0, 1, 0};
          base::must(semop(set, &give, 1), "semop");
          story << worker.prints("entered\n") << worker.exits_with(0);
          base::must(semctl(set, 0, IPC_RMID), "IPC_RMID");
          story << worker.leaves_nothing_behind();
          return story.result();
        }) == "holds");
}

TEST_CASE("the check talks to a TCP and a UNIX server with plain sockets") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto tcp = play::lab.start("tcp"), local = play::lab.start("local door");
          Story story;
          story << tcp.prints("ready ") << tcp.blocks_in("accept", 3) << local.prints("ready door\n")
                << local.blocks_in("accept", 3);
          sockaddr_in port{};
          port.sin_family = AF_INET;
          port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
          port.sin_port = htons(static_cast<std::uint16_t>(std::stoi(tcp.printed().substr(6))));
          sockaddr_un door{};
          door.sun_family = AF_UNIX;
          std::snprintf(door.sun_path, sizeof door.sun_path, "door");
          const base::Fd a(socket(AF_INET, SOCK_STREAM, 0)), b(socket(AF_UNIX, SOCK_STREAM, 0));
          base::must(connect(a.get(), reinterpret_cast<sockaddr*>(&port), sizeof port), "connect");
          base::must(connect(b.get(), reinterpret_cast<sockaddr*>(&door), sizeof door), "connect");
          if (ask(a.get(), "hello") != "hello" || ask(b.get(), "world") != "world") return std::string("no echo");
          story << tcp.blocks_in("read", 4) << tcp.stays_alive() << local.stays_alive();
          tcp.send(SIGTERM);
          story << tcp.dies_of(SIGTERM);
          return story.result();
        }) == "holds");
}

TEST_CASE("a failed verdict says what was expected, what came, and what the processes are doing") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto program = play::lab.start("nonsense");
          return program.prints("hello").sentence();
        }) == "expected that it prints \"hello\", but it ended with exit status 2, and had printed nothing");
  CHECK(tests::in_room([](play::Testbed&) {
          auto program = play::lab.start_program("hangs", "input");
          return program.exits_with(0).sentence();
        }) == "expected that it exits with 0, but it waits for something that this check has not given");
  CHECK(tests::in_room([](play::Testbed&) {
          auto program = play::lab.start_program("hangs", "lost-wake-up");
          return program.exits_with(0).sentence();
        }) == "expected that it exits with 0, but it is stuck: nothing here can ever wake it");
}

namespace {

/// An object of one page that is this test's alone, on every rung.
class Page {
 public:
  Page() : name_(fmt::format("/page-{}", getpid())) {
    const base::Fd fd(base::must(shm_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "shm_open"));
    base::must(ftruncate(fd.get(), 4096), "ftruncate");
  }
  ~Page() { shm_unlink(name_.c_str()); }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace

TEST_CASE("one page of two programs is seen, and a sleeper on a word of it is woken for nothing") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          const Page page;
          play::SharedMemory object(testbed, page.name());
          Story story;
          story << object.exists();
          object.map();
          room::Order more_stack;  // the second has its mappings elsewhere, whatever the kernel randomizes
          more_stack.prepare = [] {
            const rlimit stack{512 << 20, 512 << 20};
            base::must(setrlimit(RLIMIT_STACK, &stack), "setrlimit");
          };
          auto one = play::lab.start("memory " + page.name() + " shared");
          auto two = play::lab.start("memory " + page.name() + " shared", more_stack);
          for (auto* who : {&one, &two}) story << who->prints("ready\n") << object.has_waiter(*who);
          story << object.is_one_page_of(one, two);
          if (object.word_waited_on(one) != 8) return std::string("another word");
          if (object.wake_for_nothing(8) != 2) return std::string("not both were woken");
          for (auto* who : {&one, &two}) story << who->prints("woken for nothing\n") << object.has_waiter(*who);
          shm_unlink(page.name().c_str());
          story << object.loses_its_name() << object.does_not_exist();
          object.change(8, 1);
          object.wake_for_nothing(8);
          for (auto* who : {&one, &two}) story << who->prints("woken\n") << who->exits_with(0);
          return story.result();
        }) == "holds");
}

TEST_CASE("a private futex and a private copy are told from a word that others can reach") {
  const auto asleep = [](const std::string& how) {
    return tests::in_room([&](play::Testbed& testbed) {
      const Page page;
      play::SharedMemory object(testbed, page.name());
      object.map();
      auto program = play::lab.start("memory " + page.name() + " " + how);
      Story story;
      story << program.prints("ready\n") << object.has_waiter(program);
      return story.result();
    });
  };
  CHECK(asleep("private").find("FUTEX_PRIVATE_FLAG") != std::string::npos);
  CHECK(asleep("copy").find("its private copy") != std::string::npos);
}

TEST_CASE("a line to run by hand is what a shell can do of it, and names no process of the room") {
  CHECK(tests::in_room([](play::Testbed& testbed) {
          auto first = play::lab.start("echo a*b");
          first.type("50%\n");
          first.close_input();
          static_cast<void>(first.exits());
          return testbed.by_hand();
        }) == "printf '50%%\\n' | ./peers echo 'a*b'; echo $?");
  CHECK(tests::in_room([](play::Testbed& testbed) {
          play::lab.file("in").put("x\n");
          static_cast<void>(play::lab.start("cat in").exits());
          return testbed.by_hand();
        }) == "(rm -rf build/try; mkdir -p build/try; cd build/try; printf 'x\\n' > in; \"$OLDPWD\"/./peers cat in; echo $?)");
  CHECK(tests::in_room([](play::Testbed& testbed) {
          auto& helper = testbed.start("waiters", {"nothing"}, play::Testbed::Tie::streams);
          while (!helper.ending) testbed.pump();
          auto other = testbed.start("waiters", {"forever"}, play::Testbed::Tie::streams).pid;
          testbed.start("peers", {see::inner_pid_of(other).text()}, play::Testbed::Tie::streams);
          return testbed.by_hand();
        }).empty());
}

TEST_CASE("a program waits at a descriptor in whatever call it likes") {
  for (const char* how : {"readv", "poll"}) {
    INFO(how);
    CHECK(tests::in_room([how](play::Testbed&) {
            auto program = play::lab.start(std::string("waits ") + how);
            Story story;
            story << program.waits_at(0);
            program.type("x");
            story << program.exits_with(0);
            return story.result();
          }) == "holds");
  }
  CHECK(tests::in_room([](play::Testbed&) {
          auto program = play::lab.start("waits output", play::behind_full_output());
          program.leave_output();
          Story story;
          story << program.waits_at(1);
          return story.result();
        }) == "holds");
  CHECK(tests::in_room([](play::Testbed&) {
          auto program = play::lab.start("waits poll");
          return std::string(program.waits_at(1).passed() ? "waits at 1" : "waits elsewhere");
        }) == "waits elsewhere");
}

TEST_CASE("of several programs the one that failed says how it was started") {
  CHECK(tests::in_room([](play::Testbed&) {
          auto first = play::lab.start("nonsense one"), second = play::lab.start("nonsense two");
          const play::Verdict of_first = first.exits_with(0), of_second = second.exits_with(0);
          return base::join(of_first.evidence().lines, "; ") + " | " + base::join(of_second.evidence().lines, "; ");
        }) == "it was started as: peers nonsense one | ");
}
