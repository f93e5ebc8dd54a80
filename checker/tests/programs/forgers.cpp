// Programs that want a check to be told what is not so: they look for what strace or our library reports of them, to write
// there, to empty it, to end who writes it; or to run their handlers past the library. `forgers NAME` runs one and prints
// "reached N" (how much it got hold of), or the call it hides. They are run in rooms only. Needs nothing of the checker.
#include <csignal>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <functional>
#include <map>
#include <string>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

const std::string forged = "9 --- SIGUSR1 {forged} ---\n";

void say(const std::string& line) {
  if (write(1, (line + "\n").data(), line.size() + 1) < 0) _exit(9);
}
void reached(int count) { say("reached " + std::to_string(count)); }

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const open = opendir(folder.c_str());
  while (const dirent* entry = open ? readdir(open) : nullptr)
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  if (open) closedir(open);
  return names;
}

// Empties and rewrites a regular file, or one that lies in memory.
bool rewrites(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) < 0 || !S_ISREG(info.st_mode)) return false;
  const int file = open(path.c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK);
  if (file < 0) return false;
  const bool wrote = write(file, forged.data(), forged.size()) > 0;
  close(file);
  return wrote;
}

void by_name() {
  int count = 0;
  for (const std::string folder : {"/work", "/tmp", "/dev/shm", "/gates", "/lab", "."})
    for (const std::string& name : names_in(folder)) count += rewrites(folder + "/" + name);
  reached(count);
}

void by_descriptor() {
  int count = 0;
  for (const std::string& pid : names_in("/proc"))
    for (const std::string& fd : names_in("/proc/" + pid + "/fd")) count += rewrites("/proc/" + pid + "/fd/" + fd);
  reached(count);
}

// Makes strace write, and hears where.
void by_inotify() {
  const int watch = inotify_init1(IN_NONBLOCK);
  std::map<int, std::string> watched;
  for (const std::string folder : {"/work", "/tmp", "/dev/shm", "."}) watched[inotify_add_watch(watch, folder.c_str(), IN_MODIFY)] = folder;
  for (const std::string& fd : names_in("/proc/" + std::to_string(getppid()) + "/fd")) {
    const std::string path = "/proc/" + std::to_string(getppid()) + "/fd/" + fd;
    if (const int one = inotify_add_watch(watch, path.c_str(), IN_MODIFY); one >= 0) watched[one] = path;
  }
  raise(SIGURG);
  alignas(inotify_event) char bytes[4096];
  int count = 0;
  if (read(watch, bytes, sizeof bytes) > 0) {
    const auto* event = reinterpret_cast<const inotify_event*>(bytes);
    const std::string& at = watched[event->wd];
    count += rewrites(event->len > 0 ? at + "/" + event->name : at);
  }
  reached(count);
}

// Whatever a debugger may do to its parent.
void by_ptrace() {
  const pid_t above = getppid();
  int count = 0;
  if (const pid_t child = fork(); child == 0) _exit(ptrace(PTRACE_SEIZE, above, nullptr, nullptr) == 0);
  else if (int status = 0; waitpid(child, &status, 0) == child && WIFEXITED(status)) count += WEXITSTATUS(status);
  if (open(("/proc/" + std::to_string(above) + "/mem").c_str(), O_RDWR) >= 0) ++count;
  char byte = 0;
  const iovec here{&byte, 1}, there{reinterpret_cast<void*>(0x400000), 1};
  if (process_vm_readv(above, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT) ++count;
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, above, 0));
  for (int fd = 0; fd < 64; ++fd)
    if (const int stolen = static_cast<int>(syscall(SYS_pidfd_getfd, pidfd, fd, 0)); stolen >= 0) ++count, close(stolen);
  reached(count);
}

// What a program has been given besides its three: a descriptor, a right.
void inherited() {
  int count = 0;
  for (int fd = 3; fd < 256; ++fd) count += fcntl(fd, F_GETFD) >= 0;
  char line[256];
  FILE* const status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (strncmp(line, "CapBnd", 6) != 0 && strncmp(line, "Cap", 3) == 0) count += strtoull(line + 8, nullptr, 16) != 0;
  reached(count);
}

void send_above(pid_t whom, int signal) {
  kill(whom, signal);
  say("alive");
}

void kills_from_a_child() {
  if (fork() == 0) {
    kill(-1, SIGKILL);
    _exit(0);
  }
  for (;;) pause();
}

// Below: handlers that call printf(), in ways that hide it.
void unsafe(int) { printf("from a handler\n"); }

void install_past_the_library(void (*handler)(int)) {
  struct {
    void (*function)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
  } action{handler, 0, nullptr, 0};
#ifdef __x86_64__
  action.flags = 0x04000000;  // SA_RESTORER
  struct sigaction mine {};
  signal(SIGUSR2, unsafe);
  syscall(SYS_rt_sigaction, SIGUSR2, nullptr, &mine, 8);
  std::memcpy(&action.restorer, reinterpret_cast<char*>(&mine) + 16, sizeof action.restorer);
  signal(SIGUSR2, SIG_DFL);
#endif
  syscall(SYS_rt_sigaction, SIGUSR1, &action, nullptr, 8);
}

// What comes before it waits is kept for it.
void block_usr1() {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  sigprocmask(SIG_BLOCK, &one, nullptr);
}

void handles(bool honestly) {
  block_usr1();
  honestly ? static_cast<void>(signal(SIGUSR1, unsafe)) : install_past_the_library(unsafe);
  say("ready");
  sigset_t none;
  sigemptyset(&none);
  for (;;) {
    sigsuspend(&none);
    fflush(stdout);
  }
}

void erases() {
  signal(SIGUSR1, [](int number) {
    unsafe(number);
    fflush(stdout);
    by_name();
    for (const std::string& name : names_in("/work")) unlink(("/work/" + name).c_str());
    for (const std::string& name : names_in(".")) unlink(name.c_str());
  });
  say("ready");
  for (;;) pause();
}

void closes_descriptors() {
  close_range(3, ~0U, 0);
  handles(true);
}

void executes_itself(const char* as) {
  execl("/proc/self/exe", "forgers", as, nullptr);
  _exit(9);
}

// Lives on without the library. Only with calls that were found before: the linker would look into what is gone.
void unmaps() {
  static const char ready[] = "ready\n", handled[] = "from a handler\n";
  install_past_the_library([](int) { syscall(SYS_write, 1, handled, sizeof handled - 1); });
  std::vector<std::pair<unsigned long, unsigned long>> ranges;
  FILE* const maps = fopen("/proc/self/maps", "r");
  char line[512];
  while (maps && fgets(line, sizeof line, maps))
    if (strstr(line, "unsafe_calls")) {
      unsigned long begin = 0, end = 0;
      if (sscanf(line, "%lx-%lx", &begin, &end) == 2) ranges.emplace_back(begin, end);
    }
  for (const auto& [begin, end] : ranges) syscall(SYS_munmap, begin, end - begin);
  syscall(SYS_write, 1, ready, sizeof ready - 1);
  for (;;) syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
}

const std::map<std::string, std::function<void()>> forgers{
    {"by-name", by_name},
    {"by-descriptor", by_descriptor},
    {"by-inotify", by_inotify},
    {"by-ptrace", by_ptrace},
    {"inherited", inherited},
    {"kills-strace", [] { send_above(getppid(), SIGKILL); }},
    {"kills-strace-otherwise", [] { send_above(getppid(), SIGUSR2); }},
    {"kills-all", [] { send_above(-1, SIGKILL); }},
    {"kills-all-from-a-child", kills_from_a_child},
    {"stops-strace", [] { send_above(getppid(), SIGSTOP); }},
    {"takes-a-signal",
     [] {
       signal(SIGURG, [](int) {});
       raise(SIGURG);
       reached(0);
     }},
    {"handler", [] { handles(true); }},
    {"handler-erases", erases},
    {"handler-safe",
     [] {
       signal(SIGUSR1, [](int) { if (write(1, "from a handler\n", 15) < 0) _exit(9); });
       say("ready");
       for (;;) pause();
     }},
    {"handler-past", [] { handles(false); }},
    {"handler-closes", closes_descriptors},
    {"handler-after-exec", [] { executes_itself("handler"); }},
    {"handler-unmapped", unmaps},
};

}  // namespace

int main(int argc, char** argv) {
  const auto found = argc == 2 ? forgers.find(argv[1]) : forgers.end();
  if (found == forgers.end()) return 2;
  found->second();
  return 0;
}
