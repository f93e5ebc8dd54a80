// cost - what a round trip of 64 bytes between two processes costs, as ratios to a pipe's in the same run
//
//   $ ./cost
//
// Each mechanism carries 64 bytes to another process and back, the sleeper woken each time; one only spins. The best of
// many short rounds counts, because whatever else runs on the machine only ever makes a round longer.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <mqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "../../labs/must.hpp"

constexpr int times = 500, rounds = 20;
static char bytes[64];

// Two ways to do one thing: `ask` sends and waits for the answer, `serve` waits and answers.
struct Mechanism {
  const char* name;
  std::function<void()> ask, serve;
};

static void stay_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  must(sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
}

static double microseconds() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The shortest round trip in microseconds, with the server on CPU `other`.
static double round_trip(const Mechanism& mechanism, int here, int other) {
  const pid_t server = must(fork(), "fork");
  if (server == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    stay_on(other);
    for (int i = 0; i < times * rounds; ++i) mechanism.serve();
    _exit(0);
  }
  stay_on(here);
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const double start = microseconds();
    for (int i = 0; i < times; ++i) mechanism.ask();
    best = std::min(best, (microseconds() - start) / times);
  }
  waitpid(server, nullptr, 0);
  return best;
}

static Mechanism over(const char* name, int ask_out, int ask_in, int serve_in, int serve_out) {
  const auto send = [](int fd) { must(write(fd, bytes, 64) - 64, "write"); };
  const auto receive = [](int fd) { must(recv(fd, bytes, 64, MSG_WAITALL) - 64, "recv"); };
  const auto take = [](int fd) { must(read(fd, bytes, 64) - 64, "read"); };
  if (ask_out == ask_in)
    return {name, [=] { send(ask_out), receive(ask_in); }, [=] { receive(serve_in), send(serve_out); }};
  return {name, [=] { send(ask_out), take(ask_in); }, [=] { take(serve_in), send(serve_out); }};
}

static Mechanism pipes() {
  int there[2], back[2];
  must(pipe(there), "pipe"), must(pipe(back), "pipe");
  return over("pipe", there[1], back[0], there[0], back[1]);
}

static Mechanism unix_socket() {
  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
  return over("socket (UNIX)", ends[0], ends[0], ends[1], ends[1]);
}

static Mechanism tcp_socket() {
  const int door = must(socket(AF_INET, SOCK_STREAM, 0), "socket"), on = 1;
  sockaddr_in address{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
  socklen_t size = sizeof address;
  must(bind(door, reinterpret_cast<sockaddr*>(&address), size), "bind"), must(listen(door, 1), "listen");
  getsockname(door, reinterpret_cast<sockaddr*>(&address), &size);
  const int client = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
  must(connect(client, reinterpret_cast<sockaddr*>(&address), size), "connect");
  const int server = must(accept(door, nullptr, nullptr), "accept");
  for (const int fd : {client, server}) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return over("socket (TCP)", client, client, server, server);
}

static Mechanism queues() {
  mqd_t ends[2];
  for (mqd_t& end : ends) {
    mq_attr attributes{};
    attributes.mq_maxmsg = 1, attributes.mq_msgsize = 64;
    const std::string name = "/cost-" + std::to_string(getpid());
    end = must(mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "mq_open");
    mq_unlink(name.c_str());
  }
  const auto send = [](mqd_t queue) { must(mq_send(queue, bytes, 64, 0), "mq_send"); };
  const auto receive = [](mqd_t queue) { must(static_cast<int>(mq_receive(queue, bytes, 64, nullptr)), "mq_receive"); };
  const mqd_t there = ends[0], back = ends[1];
  return {"message queue", [=] { send(there), receive(back); }, [=] { receive(there), send(back); }};
}

// A page that both processes have. It carries the 64 bytes; the rest only says that they are there.
struct Page {
  char bytes[64];
  sem_t there, back;
  alignas(64) std::atomic<int> turn;
  pid_t asker, server;
};

static Page* page() {
  void* memory = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) must(-1, "mmap");
  Page* shared = new (memory) Page{};
  must(sem_init(&shared->there, 1, 0), "sem_init"), must(sem_init(&shared->back, 1, 0), "sem_init");
  return shared;
}

static Mechanism memory_and_semaphores() {
  Page* shared = page();
  const auto take = [](Page* from, sem_t* permit) { sem_wait(permit), memcpy(bytes, from->bytes, 64); };
  const auto put = [](Page* to, sem_t* permit) { memcpy(to->bytes, bytes, 64), sem_post(permit); };
  return {"shared memory, a semaphore to wake", [=] { put(shared, &shared->there), take(shared, &shared->back); },
          [=] { take(shared, &shared->there), put(shared, &shared->back); }};
}

static Mechanism spinning() {
  Page* shared = page();
  const auto until = [](Page* of, int turn) {
    while (of->turn.load(std::memory_order_acquire) != turn) {}
    memcpy(bytes, of->bytes, 64);
  };
  const auto give = [](Page* to, int turn) {
    memcpy(to->bytes, bytes, 64);
    to->turn.store(turn, std::memory_order_release);
  };
  return {"shared memory, spinning on two CPUs", [=] { give(shared, 1), until(shared, 0); },
          [=] { until(shared, 1), give(shared, 0); }};
}

// A signal carries its number, and a real-time signal a word: not 64 bytes. Both block it and accept it.
static Mechanism signals() {
  Page* shared = page();
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, SIGRTMIN), sigprocmask(SIG_BLOCK, &set, nullptr);
  shared->asker = getpid();
  const auto send = [](pid_t to) { must(sigqueue(to, SIGRTMIN, {}), "sigqueue"); };
  const auto accept_one = [set] {
    siginfo_t info;
    must(sigwaitinfo(&set, &info), "sigwaitinfo");
    return info.si_pid;
  };
  return {"signal (real-time, a word only)",
          [=] {
            while (!(*const_cast<volatile pid_t*>(&shared->server))) sched_yield();
            send(shared->server), accept_one();
          },
          [=] { shared->server = getpid(), send(accept_one()); }};
}

// To a half: finer steps would change with every run.
static std::string rounded(double ratio) {
  if (ratio < 0.1) return "< 0.1";
  return std::to_string(std::max(1.0, std::round(ratio * 2)) / 2).substr(0, 3);
}

int main() {
  cpu_set_t may;
  sched_getaffinity(0, sizeof may, &may);
  int cpus[2], count = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && count < 2; ++cpu)
    if (CPU_ISSET(cpu, &may)) cpus[count++] = cpu;

  const double pipe = round_trip(pipes(), cpus[0], cpus[0]);
  const auto row = [](const Mechanism& mechanism, const std::string& text) {
    printf("%-40s %9s\n", mechanism.name, text.c_str());
  };
  row(pipes(), "1.0");
  for (const auto make : {queues, memory_and_semaphores, signals, unix_socket, tcp_socket})
    row(make(), rounded(round_trip(make(), cpus[0], cpus[0]) / pipe));
  // Who spins never sleeps, so this needs a CPU for each, and a pipe's own time with two.
  if (count == 2)
    row(spinning(), rounded(round_trip(spinning(), cpus[0], cpus[1]) / round_trip(pipes(), cpus[0], cpus[1])));
  else row(spinning(), "needs two CPUs");

  utsname system;
  uname(&system);
  std::string model, line;
  for (std::ifstream info("/proc/cpuinfo"); model.empty() && std::getline(info, line);)
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  const std::string release = system.release;
  printf("measured on Linux %s, %u CPUs, %s: 1.0 is %.0f microseconds\n",
         release.substr(0, release.find_first_of(".-", 2)).c_str(), std::thread::hardware_concurrency(), model.c_str(),
         pipe);
}
