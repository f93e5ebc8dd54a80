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
    // TODO 1: which one call finds the semaphore, or makes it where there is none? Who may use it then?
    (void)n;
  }

  bool take(const Order& order) override {
    // TODO 2: sem_wait(3); for Wait::not_at_all sem_trywait(3). Which results are a permit, which mean that there is
    // none, and which mean neither?
    (void)order;
    return false;
  }

  void give() override {
    // TODO 3: the opposite of TODO 2.
  }

  void stat() override {
    // TODO 3: find it, without making one; say "free F".
  }

  void drop() override {
    // TODO 3: which call takes its name away?
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
    // TODO 5: who makes the set, who finds it, and how does each know which of the two it is? What if it is dropped in
    // between?
    (void)n;
  }

  bool take(const Order& order) override {
    // TODO 6: semop(2). What should the kernel take back, should this process be killed? And what if it is not killed?
    (void)order;
    return false;
  }

  void give() override {
    // TODO 6: the opposite. The set may have been dropped meanwhile, and the command has run all the same.
  }

  void stat() override {
    // TODO 6: say "free F waiting W": semctl(2).
  }

  void drop() override {
    // TODO 6: semctl(2) again.
  }

 private:
  // Given. Finds the set, and dies where there is none.
  void find() {
    id_ = semget(key_, 0, 0);
    if (id_ < 0) die("semget", name_);
  }

  // TODO 5: a set is born with 0. How does it get its N, so that nobody is fooled who comes in between?
  [[maybe_unused]] void fill(int n) { (void)n; }  // for now

  // TODO 7, beyond the 100 points: with --try, "none is free" and "none has been made yet" must not look the same.

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
  // TODO 7, beyond the 100 points: let --timeout through, and see to Wait::until in both take()s.
  if (order.wait == Wait::until) return usage();  // for now
  permits->make_or_find(order.n);
  if (!permits->take(order)) return 124;
  // TODO 4: run() runs the command to its end, and returns what limit should end with. When does the permit go back?
  return 125;
}
