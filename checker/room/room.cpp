#include "room/room.hpp"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"
#include "room/end_below.hpp"
#include "room/walls/limits.hpp"

namespace room {
namespace {

// Any folder that every system has: where the check's own root is put together before it becomes the root.
const char* const mount_point = "/tmp";
// Where programs' root lies in the check's. They are moved into it (chroot(2)): below such a root no user namespace can be
// made, so no more rights can be won (user_namespaces(7)).
const char* const programs_root = "/room";

void loopback_up() {
  const base::Fd socket(base::must(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  base::must(ioctl(socket.get(), SIOCSIFFLAGS, &request), "loopback up");
}

void map_user(uid_t uid, gid_t gid) {
  base::write_all(base::open_file("/proc/self/setgroups", O_WRONLY).get(), "deny");
  base::write_all(base::open_file("/proc/self/uid_map", O_WRONLY).get(), fmt::format("1000 {} 1", uid));
  base::write_all(base::open_file("/proc/self/gid_map", O_WRONLY).get(), fmt::format("1000 {} 1", gid));
}

// A fork shows the command line of the grader. This one's says nothing (proc_pid_stat(5), fields 48 and 49: where the
// words lie in its own memory).
void forget_the_command_line() {
  const std::string stat = base::read_file("/proc/self/stat");
  const std::vector<std::string> field = base::split(stat.substr(stat.rfind(')') + 2), ' ');
  constexpr size_t begin = 48 - 3, end = 49 - 3;  // the first one behind the name is the third
  if (field.size() <= end) throw std::runtime_error("/proc/self/stat lacks fields");
  auto* const words = reinterpret_cast<char*>(std::stoull(field[begin]));  // NOLINT: an address as the kernel tells it
  std::memset(words, 0, std::stoull(field[end]) - std::stoull(field[begin]));
}

// The life of pid 1: it waits until the check lets go. It collects nobody, so that every orphan that ends is still
// there to be named; the room's process limit bounds them.
[[noreturn]] void keep(const std::string& proc, base::Fd lifeline, base::Fd ready) {
  try {
    forget_the_command_line();
    base::must(setsid(), "setsid");  // kill(0) of a program must not reach the check's group
    base::must(prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
    base::must(mount("proc", proc.c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr), "mount proc");
    base::must(prctl(PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE");  // programs may not trace it or read its descriptors
    base::write_all(ready.get(), "ready");
    ready.reset();
    base::read_some(lifeline.get(), 1);
  } catch (const std::exception& e) {
    if (ready) base::write_all(ready.get(), e.what());
  }
  _exit(0);
}

}  // namespace

void become_unprivileged(uid_t who) {
  if (geteuid() != 0) return;
  // Root of a user namespace that maps nobody else stays what it is: outside it is an ordinary user already.
  if (setgroups(0, nullptr) < 0 && errno == EPERM) return;
  int signal = 0;
  base::must(prctl(PR_GET_PDEATHSIG, &signal), "PR_GET_PDEATHSIG");
  const pid_t parent = getppid();
  base::must(setresgid(who, who, who), "setresgid");
  base::must(setresuid(who, who, who), "setresuid");
  // Whoever was to die with its parent still is: a change of user has taken that back (prctl(2)).
  base::must(prctl(PR_SET_PDEATHSIG, signal), "PR_SET_PDEATHSIG");
  if (signal != 0 && getppid() != parent) _exit(1);
  // After a change of user /proc/self belongs to root, and uid_map could not be written.
  base::must(prctl(PR_SET_DUMPABLE, 1), "PR_SET_DUMPABLE");
}

Room::Room(Rung rung, const std::string& scratch, const std::vector<Installed>& programs) : rung_(rung) {
  rung == Rung::namespaces ? enter_namespaces(programs) : enter_scratch(scratch, programs);
}

void Room::enter_namespaces(const std::vector<Installed>& programs) {
  lift_shared_limits();
  become_unprivileged();
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  base::must(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET),
             "unshare");
  map_user(uid, gid);
  base::must(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make mounts private");
  base::must(sethostname("lab", 3), "sethostname");
  loopback_up();
  root_ = programs_root;
  programs_ = "/lab";
  gates_ = "/gates";
  leave_the_machine(mount_point, programs);
  start_keeper();
  base::must(chdir(outside("/work").c_str()), "chdir");
}

// The check gets a root of its own that holds the room, what the kernel says of processes, and nothing of the machine's:
// whatever a program makes it open, there is nothing to be found (pivot_root(2)).
void Room::leave_the_machine(const std::string& at, const std::vector<Installed>& programs) {
  base::must(mount("tmpfs", at.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=64,mode=0755"), "mount tmpfs");
  for (const char* folder : {"/proc", "/dev", "/dev/shm", "/gates", programs_root})
    base::must(mkdir((at + folder).c_str(), 0755), "mkdir in the check's root");
  furnish(at + programs_root, programs);
  lend(at + "/gates", at + programs_root + "/gates");
  // The machine's own: what the check starts has other numbers there than in the room.
  base::must(mount("/proc", (at + "/proc").c_str(), nullptr, MS_BIND | MS_REC, nullptr), "bind /proc");
  // The check names POSIX objects as programs do: the same folder at the same place.
  base::must(mount((at + programs_root + "/dev/shm").c_str(), (at + "/dev/shm").c_str(), nullptr, MS_BIND, nullptr),
             "bind /dev/shm");
  base::must(chdir(at.c_str()), "chdir");
  base::must(static_cast<int>(syscall(SYS_pivot_root, ".", ".")), "pivot_root");
  base::must(umount2(".", MNT_DETACH), "unmount the machine's root");
  base::must(mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr),
             "make the check's root read-only");
}

void Room::start_keeper() {
  base::Pipe lifeline = base::make_pipe();
  base::Pipe ready = base::make_pipe();
  keeper_ = base::must(fork(), "fork");
  if (keeper_ == 0) {
    // Only its two pipes: a copy of the check's other descriptors would keep ends of pipes open.
    const int kept = dup2(lifeline.read_end.get(), 3) == 3 ? 3 : lifeline.read_end.get();
    const int told = fcntl(ready.write_end.get(), F_DUPFD, 4);
    dup2(told, 4);
    lifeline.read_end.release();
    lifeline.write_end.release();
    ready.read_end.release();
    ready.write_end.release();
    close_range(5, ~0U, 0);
    close_range(0, 2, 0);
    keep(outside("/proc"), base::Fd(kept), base::Fd(4));
  }
  ready.write_end.reset();
  const std::string said = base::read_all(ready.read_end.get());
  if (said != "ready") throw std::runtime_error("pid 1 of the room: " + (said.empty() ? "it ended" : said));
  lifeline_ = std::move(lifeline.write_end);
}

void Room::enter_scratch(const std::string& scratch, const std::vector<Installed>& programs) {
  struct stat owner {};
  base::must(stat(scratch.c_str(), &owner), "stat " + scratch);
  become_unprivileged(owner.st_uid != 0 ? owner.st_uid : nobody);
  base::must(prctl(PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER");
  programs_ = scratch + "/lab";
  gates_ = scratch + "/gates";
  for (const std::string& folder : {programs_, gates_, scratch + "/work"}) std::filesystem::create_directory(folder);
  install(programs, programs_);
  others_ = processes_of_user();
  base::must(chdir((scratch + "/work").c_str()), "chdir");
}

Room::~Room() {
  lifeline_.reset();
  if (keeper_ > 0) kill(keeper_, SIGKILL);
  if (rung_ == Rung::subreaper) {
    end_all_below();
    return;
  }
  // The end of pid 1 ends all others in its namespace, and nobody is left to make new ones.
  while (waitpid(-1, nullptr, __WALL) >= 0 || errno == EINTR) {}
}

}  // namespace room
