// limit - run a command when one of N permits is free, and give the permit back when it has ended
//
//   $ for i in 1 2 3 4; do ./limit -n 2 /tea -- sh -c "sleep 3; echo $i" & done     two at a time
//   $ ./limit stat /tea
//   free 0
//   $ ./limit -n 2 --try /tea -- echo now || echo $?
//   124
//   $ wait; ./limit stat /tea; ./limit drop /tea
//   free 2
//
// The handout is labs/10-semaphore/README.md.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <semaphore.h>
#include <string>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "command.hpp"
#include "command_line.hpp"

// Given. Says which call the system refused, on which name, and why; ends with limit's own status.
[[noreturn]] static void die(const char* call, const std::string& name) {
  dprintf(STDERR_FILENO, "limit: %s: %s: %s\n", call, name.c_str(), strerror(errno));
  _exit(125);
}

// Given. Prints one line, at once and in one piece.
[[maybe_unused]] static void say(const std::string& line) {
  if (write(STDOUT_FILENO, (line + "\n").data(), line.size() + 1) < 0) die("write", "standard output");
}

// A number of permits that every process can reach by its name. Each function runs in the process that wants something.
class Permits {
 public:
  virtual ~Permits() = default;
  // Finds those of this name, or makes n where there are none.
  virtual void make_or_find(int n) = 0;
  // Takes one, and waits for it as the order says. False: none came free in time.
  virtual bool take(const Order& order) = 0;
  virtual void give() = 0;
  // Of those that are there: says how many are free; makes an end of them. Dies where there are none.
  virtual void stat() = 0;
  virtual void drop() = 0;
};

// sem_overview(7): a count in a file of /dev/shm, which everybody maps who has it open.
class Posix : public Permits {
 public:
  explicit Posix(std::string name) : name_(std::move(name)) {}

  void make_or_find(int n) override {
    // One call, so that nobody comes in between. Where it finds one, mode and value are ignored.
    sem_ = sem_open(name_.c_str(), O_CREAT, 0600, static_cast<unsigned>(n));
    if (sem_ == SEM_FAILED) die("sem_open", name_);
  }

  bool take(const Order& order) override {
    for (;;) {
      const int taken = order.wait == Wait::not_at_all ? sem_trywait(sem_)
                        : order.wait == Wait::until    ? sem_clockwait(sem_, CLOCK_MONOTONIC, &order.until)
                                                       : sem_wait(sem_);
      if (taken == 0) return true;
      if (errno == EAGAIN || errno == ETIMEDOUT) return false;
      if (errno != EINTR) die("sem_wait", name_);
    }
  }

  void give() override {
    if (sem_post(sem_) < 0) die("sem_post", name_);
  }

  void stat() override {
    int free = 0;
    sem_ = sem_open(name_.c_str(), 0);  // without O_CREAT
    if (sem_ == SEM_FAILED || sem_getvalue(sem_, &free) < 0) die("sem_open", name_);
    say("free " + std::to_string(free));
  }

  void drop() override {
    if (sem_unlink(name_.c_str()) < 0) die("sem_unlink", name_);
  }

 private:
  std::string name_;
  [[maybe_unused]] sem_t* sem_ = SEM_FAILED;
};

// sysvipc(7): a set of semaphores that the kernel keeps, found by a number. Semaphore 0 of it holds the free permits.
class Sysv : public Permits {
 public:
  explicit Sysv(const Order& order) : name_(order.name), key_(order.key) {}

  void make_or_find(int n) override {
    for (;;) {
      id_ = semget(key_, 2, IPC_CREAT | IPC_EXCL | 0600);
      if (id_ >= 0) return fill(n);
      if (errno != EEXIST) die("semget", name_);
      id_ = semget(key_, 0, 0);
      if (id_ >= 0) return pass_the_gate();
      if (errno != ENOENT) die("semget", name_);  // ENOENT: dropped in between
    }
  }

  bool take(const Order& order) override {
    sembuf one{0, -1, SEM_UNDO};  // the kernel notes that this process owes one, and gives it back at its end
    if (order.wait == Wait::not_at_all) one.sem_flg |= IPC_NOWAIT;
    for (;;) {
      timespec left{};
      if (order.wait == Wait::until) left = from_now_to(order.until);
      if (semtimedop(id_, &one, 1, order.wait == Wait::until ? &left : nullptr) == 0) return true;
      if (errno == EAGAIN) return false;
      if (errno != EINTR) die("semop", name_);
    }
  }

  void give() override {
    sembuf one{0, 1, SEM_UNDO};  // and strikes out the note
    while (semop(id_, &one, 1) < 0)
      if (errno != EINTR) return;  // dropped: nobody is left who could want it
  }

  void stat() override {
    find();
    const int free = semctl(id_, 0, GETVAL), waiting = semctl(id_, 0, GETNCNT);
    if (free < 0 || waiting < 0) die("semctl", name_);
    say("free " + std::to_string(free) + " waiting " + std::to_string(waiting));
  }

  void drop() override {
    find();
    if (semctl(id_, 0, IPC_RMID) < 0) die("semctl", name_);
  }

 private:
  // Given. Finds the set, and dies where there is none.
  void find() {
    id_ = semget(key_, 0, 0);
    if (id_ < 0) die("semget", name_);
  }

  // Runs in the maker. Adding is not setting: who came meanwhile waits, and is woken. No SEM_UNDO: the permits are not
  // the maker's own. Semaphore 1 is a gate, and goes open in the same instant.
  void fill(int n) {
    sembuf all[] = {{0, static_cast<short>(n), 0}, {1, 1, 0}};
    if (semop(id_, all, 2) < 0) die("semop", name_);
  }

  // Beyond the 100 points: with --try, "none is free" and "none has been made yet" must not look the same.
  void pass_the_gate() {
    sembuf through[] = {{1, -1, 0}, {1, 1, 0}};
    while (semop(id_, through, 2) < 0)
      if (errno != EINTR) die("semop", name_);
  }

  std::string name_;
  key_t key_;
  int id_ = -1;
};

int main(int argc, char** argv) {
  const Order order = parse(argc, argv);
  if (order.verb.empty()) return usage();
  std::unique_ptr<Permits> permits;
  if (order.sysv) permits = std::make_unique<Sysv>(order);
  else permits = std::make_unique<Posix>(order.name);

  if (order.verb == "stat") return permits->stat(), 0;
  if (order.verb == "drop") return permits->drop(), 0;
  permits->make_or_find(order.n);
  if (!permits->take(order)) return 124;
  const int status = run(order.command);
  permits->give();
  return status;
}
