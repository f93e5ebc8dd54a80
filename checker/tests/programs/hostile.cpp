// Programs that mean harm, or do it without meaning to. `hostile NAME` runs one; the harness's tests say which verdict
// each must get. They are run in rooms only.
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mqueue.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

void say(const std::string& line) {
  if (write(1, (line + "\n").data(), line.size() + 1) < 0) _exit(9);
}

void ignore_all() {
  for (int s = 1; s < NSIG; ++s) signal(s, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

[[noreturn]] void spin() {
  for (volatile bool forever = true; forever;) {}
  _exit(0);
}

void fork_bomb() {
  for (;;) fork();
}
void fork_bomb_in_sessions() {
  ignore_all();
  for (;;)
    if (fork() == 0) setsid();
}
// Always one process, never the same.
void rabbit() {
  for (;;) {
    const pid_t child = fork();
    if (child < 0) spin();
    if (child > 0) _exit(0);
  }
}
void flood(int fd) {
  const std::string much(1 << 16, 'y');
  while (write(fd, much.data(), much.size()) > 0) {}
}
void long_line() {
  const std::string much(3000000, 'x');
  for (size_t at = 0; at < much.size();) {
    const ssize_t put = write(1, much.data() + at, much.size() - at);
    if (put < 0) _exit(9);
    at += static_cast<size_t>(put);
  }
}
void escapes() { say(std::string("\x1b]0;owned\x07\x1b[2J\x00\xff\xfe", 17) + "01-pipeline 100/100 PASSED"); }
void closes_all() {
  close_range(0, ~0U, 0);
  for (;;) pause();
}
void daemon_keeps_output() {
  if (fork() == 0) {
    setsid();
    if (fork() == 0)
      for (;;) pause();
  }
  _exit(0);
}
void ignores_and_waits() {
  ignore_all();
  for (;;) pause();
}
void orphan_that_ends() {
  int ends[2];
  if (pipe(ends) < 0) _exit(9);
  if (fork() == 0) {
    char byte;
    close(ends[1]);
    if (read(ends[0], &byte, 1) < 0) _exit(9);
    _exit(0);
  }
}
void fill_folder(const char* folder) {
  const std::string block(1 << 20, 'z');
  const int fd = open((std::string(folder) + "/big").c_str(), O_RDWR | O_CREAT, 0600);
  signal(SIGXFSZ, SIG_IGN);
  while (write(fd, block.data(), block.size()) > 0) {}
  say(std::string("stopped: ") + std::strerror(errno));
}
void fill_inodes() {
  int made = 0;
  while (close(open(("/tmp/" + std::to_string(made)).c_str(), O_RDWR | O_CREAT, 0600)) == 0) ++made;
  say(made < 10000 ? "stopped" : "made 10000 files");
}
void system_v_memory() {
  for (int i = 0; i < 64; ++i) {
    const int id = shmget(IPC_PRIVATE, 64 << 20, 0600 | IPC_CREAT);
    auto* memory = static_cast<char*>(shmat(id, nullptr, 0));
    if (memory == reinterpret_cast<char*>(-1)) break;
    for (size_t at = 0; at < size_t{64} << 20; at += 4096) memory[at] = 1;  // every page, and little CPU time
    shmdt(memory);
  }
  for (;;) pause();
}
void hog() {
  for (;;) {
    auto* memory = static_cast<char*>(std::malloc(1 << 20));
    if (!memory) break;
    std::memset(memory, 1, 1 << 20);
  }
  say("no more memory");
}
void twenty_hogs() {
  for (int i = 0; i < 20; ++i)
    if (fork() == 0) hog(), spin();
  for (;;) pause();
}
void leaves_objects() {
  mq_attr attributes{};
  attributes.mq_maxmsg = 1;
  attributes.mq_msgsize = 1;
  mq_open("/left", O_RDWR | O_CREAT, 0600, &attributes);
  sem_open("/left", O_CREAT, 0600, 1);
  shm_open("/left", O_RDWR | O_CREAT, 0600);
  msgget(IPC_PRIVATE, 0600);
  semget(IPC_PRIVATE, 1, 0600);
  shmget(IPC_PRIVATE, 4096, 0600);
}
void writes_above_two() {
  int wrote = 0;
  for (int fd = 3; fd < 1024; ++fd)
    if (write(fd, "x", 1) >= 0) ++wrote;
  say(wrote == 0 ? "nothing there" : "wrote somewhere");
}
void reads_what_it_should_not() {
  int found = 0;
  for (const char* path : {"/home", "/root", "/work/solutions", "/checker", "/proc/1/fd", "/proc/1/environ",
                           "/proc/1/root/etc/shadow", "/etc/shadow", "/proc/kcore"})
    if (const int fd = open(path, O_RDONLY); fd >= 0) ++found, say(path);
  if (found == 0) say("found nothing");
}
void traces_everything() {
  int traced = 0;
  for (pid_t p = 1; p < 300; ++p)
    if (p != getpid() && ptrace(PTRACE_SEIZE, p, nullptr, nullptr) == 0) ++traced;
  say(traced == 0 ? "traced nobody" : "traced somebody");
}
void grabs_rights() {
  int won = 0;
  if (setuid(0) == 0) ++won;
  if (chown("/work", 0, 0) == 0) ++won;
  if (mknod("/work/node", S_IFCHR | 0600, 0x0101) == 0) ++won;
  if (mount("none", "/tmp", "tmpfs", 0, nullptr) == 0) ++won;
  if (unshare(CLONE_NEWUSER) == 0) ++won;
  if (chroot("/tmp") == 0) ++won;
  if (sethostname("owned", 5) == 0) ++won;
  const rlimit more{4096, 4096};
  if (setrlimit(RLIMIT_NPROC, &more) == 0 || setrlimit(RLIMIT_NOFILE, &more) == 0) ++won;
  if (setpriority(PRIO_PROCESS, 0, -10) == 0) ++won;
  if (open("/usr/bin/owned", O_RDWR | O_CREAT, 0600) >= 0 || open("/lab/gate", O_RDWR) >= 0) ++won;
  say(won == 0 ? "won nothing" : "won " + std::to_string(won));
}
void network_out() {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(80);
  address.sin_addr.s_addr = htonl(0xC0000201);  // 192.0.2.1: reserved for documentation, nobody's
  say(connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 && errno == ENETUNREACH ? "no network"
                                                                                                    : "network");
}
void zombies() {
  for (int i = 0; i < 30; ++i)
    if (fork() == 0) _exit(0);
}
void threads() {
  for (int i = 0; i < 500; ++i) {
    pthread_t t;
    if (pthread_create(
            &t, nullptr,
            [](void*) -> void* {
              for (;;) pause();
            },
            nullptr) != 0)
      break;
  }
  for (;;) pause();
}
void pipes() {
  int made = 0, ends[2];
  while (pipe(ends) == 0) ++made;
  say(made < 1000 ? "stopped" : "a thousand pipes");
}
void signal_flood() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  int queued = 0;
  sigval none{};
  while (sigqueue(getpid(), SIGRTMIN, none) == 0) ++queued;
  say(queued <= 1024 ? "stopped" : "flooded");
}
void types_into_terminal() {
  char c = 'x';
  say(ioctl(0, TIOCSTI, &c) < 0 ? "refused" : "typed");
}
void hides() {
  prctl(PR_SET_DUMPABLE, 0);
  for (;;) pause();
}
void deletes_its_folder() { say(rmdir("/work") < 0 ? "still there" : "gone"); }
void core() { abort(); }

const std::map<std::string, std::function<void()>> hostile{
    {"fork-bomb", fork_bomb},
    {"fork-bomb-in-sessions", fork_bomb_in_sessions},
    {"rabbit", rabbit},
    {"flood", [] { flood(1); }},
    {"flood-of-errors", [] { flood(2); }},
    {"long-line", long_line},
    {"escapes", escapes},
    {"closes-all", closes_all},
    {"daemon", daemon_keeps_output},
    {"ignores-all", ignores_and_waits},
    {"orphan-that-ends", orphan_that_ends},
    {"kill-all",
     [] {
       kill(-1, SIGKILL);
       say("alive");
     }},
    {"kill-group", [] { kill(0, SIGKILL); }},
    {"kill-parent", [] { kill(getppid() > 0 ? getppid() : getpid(), SIGKILL); }},
    {"kill-init",
     [] {
       kill(1, SIGKILL);
       say("tried");
     }},
    {"stops-itself", [] { raise(SIGSTOP); }},
    {"fill-tmp", [] { fill_folder("/tmp"); }},
    {"fill-shm", [] { fill_folder("/dev/shm"); }},
    {"fill-inodes", fill_inodes},
    {"system-v-memory", system_v_memory},
    {"hog", hog},
    {"twenty-hogs", twenty_hogs},
    {"leaves-objects", leaves_objects},
    {"writes-above-two", writes_above_two},
    {"reads-elsewhere", reads_what_it_should_not},
    {"traces", traces_everything},
    {"rights", grabs_rights},
    {"network", network_out},
    {"zombies", zombies},
    {"threads", threads},
    {"pipes", pipes},
    {"signal-flood", signal_flood},
    {"terminal", types_into_terminal},
    {"hides", hides},
    {"deletes-folder", deletes_its_folder},
    {"core", core},
    {"spin", spin},
    {"sleeps",
     [] {
       for (;;) sleep(1000);
     }},
};

}  // namespace

int main(int argc, char** argv) {
  const auto found = argc == 2 ? hostile.find(argv[1]) : hostile.end();
  if (found == hostile.end()) return 2;
  found->second();
  return 0;
}
