// Another way: one process-shared mutex and one condition variable for both sides; the reader claims the ring by a lock on
// the object before it removes the name. A process that is killed in pthread_cond_wait() is counted by the condition
// variable for ever: so nobody tells a side that sleeps without asking whether it lives.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <iostream>
#include <pthread.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "must.hpp"

struct Shared {
  std::uint32_t places, limit;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  std::uint32_t put, got;
  bool met, full_sleeper, empty_sleeper, ended;
  std::uint32_t whole;  // 'R' when all else is filled in
};

static Shared* ring = nullptr;
static int object = -1;
static bool alone = false;
constexpr off_t writer = 0, reader = 1;

static std::size_t step(std::uint32_t limit) { return sizeof(std::uint32_t) + (limit + 3U) / 4 * 4; }
static std::size_t total(std::uint32_t places, std::uint32_t limit) { return sizeof(Shared) + places * step(limit); }
static char* place(std::uint32_t n) { return reinterpret_cast<char*>(ring + 1) + n % ring->places * step(ring->limit); }

static bool lock(off_t byte) {
  struct flock l {};
  l.l_type = F_WRLCK;
  l.l_start = byte;
  l.l_len = 1;
  return fcntl(object, F_OFD_SETLK, &l) == 0;
}

static bool is_dead(off_t other) { return !alone && lock(other); }

// With the mutex held: sleeps, and says so.
static void sleep_a_while(bool& sleeper) {
  sleeper = true;
  if (alone) {
    pthread_cond_wait(&ring->changed, &ring->mutex);
  } else {
    timespec until{};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 150000000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&ring->changed, &ring->mutex, &until);
  }
  sleeper = false;
}

static void tell(const bool& sleeper, off_t other) {
  if (sleeper && !is_dead(other)) pthread_cond_broadcast(&ring->changed);
}

static bool wait_for_room() {
  while (ring->put - ring->got == ring->places) {
    if (ring->met && is_dead(reader)) return false;
    sleep_a_while(ring->full_sleeper);
  }
  return true;
}

static int put_all() {
  int status = 0;
  std::string line;
  for (long number = 1; std::getline(std::cin, line); ++number) {
    if (line.size() > ring->limit) {
      dprintf(2, "line %ld is too long\n", number);
      status = 1;
      continue;
    }
    pthread_mutex_lock(&ring->mutex);
    const bool room = wait_for_room();
    if (room) {
      const auto length = static_cast<std::uint32_t>(line.size());
      memcpy(place(ring->put), &length, sizeof length);
      memcpy(place(ring->put) + sizeof length, line.data(), length);
      ++ring->put;
      tell(ring->empty_sleeper, reader);
    }
    pthread_mutex_unlock(&ring->mutex);
    if (!room) return dprintf(2, "the reader is dead\n"), 3;
  }
  pthread_mutex_lock(&ring->mutex);
  ring->ended = true;  // takes no place: the writer never waits with its end
  tell(ring->empty_sleeper, reader);
  pthread_mutex_unlock(&ring->mutex);
  return status;
}

static int get_all() {
  std::string line;
  for (;;) {
    pthread_mutex_lock(&ring->mutex);
    bool dead = false;
    while (ring->put == ring->got && !ring->ended && !dead) {
      sleep_a_while(ring->empty_sleeper);
      dead = ring->put == ring->got && !ring->ended && is_dead(writer);
    }
    const bool more = ring->put != ring->got;
    if (more) {
      std::uint32_t length = 0;
      memcpy(&length, place(ring->got), sizeof length);
      line.assign(place(ring->got) + sizeof length, length);
      ++ring->got;
      tell(ring->full_sleeper, writer);
    }
    pthread_mutex_unlock(&ring->mutex);
    if (!more) return dead ? (dprintf(2, "the writer is dead\n"), 3) : 0;
    line += '\n';
    for (size_t done = 0; done < line.size();) done += static_cast<size_t>(must(static_cast<int>(write(1, line.data() + done, line.size() - done)), "write"));
  }
}

static bool create(const std::string& name, std::uint32_t places, std::uint32_t limit) {
  object = must(shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644), name.c_str());
  const std::size_t size = total(places, limit);
  void* memory = ftruncate(object, static_cast<off_t>(size)) < 0 ? MAP_FAILED : mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) return dprintf(2, "no memory\n"), shm_unlink(name.c_str()), false;
  ring = static_cast<Shared*>(memory);
  pthread_mutexattr_t m;
  pthread_mutexattr_init(&m);
  pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&ring->mutex, &m);
  pthread_condattr_t c;
  pthread_condattr_init(&c);
  pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
  pthread_cond_init(&ring->changed, &c);
  ring->places = places, ring->limit = limit;
  lock(writer);
  __atomic_store_n(&ring->whole, 'R', __ATOMIC_RELEASE);
  return true;
}

static bool attach(const std::string& name) {
  object = must(shm_open(name.c_str(), O_RDWR | O_CLOEXEC, 0), name.c_str());
  struct stat info {};
  must(fstat(object, &info), "fstat");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size < sizeof(Shared)) return false;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) return false;
  ring = static_cast<Shared*>(memory);
  if (__atomic_load_n(&ring->whole, __ATOMIC_ACQUIRE) != 'R' || ring->places == 0 || total(ring->places, ring->limit) != size) return false;
  if (!lock(reader) || shm_unlink(name.c_str()) < 0) return false;
  pthread_mutex_lock(&ring->mutex);
  ring->met = true;
  pthread_mutex_unlock(&ring->mutex);
  return true;
}

static int usage() { return dprintf(2, "usage: ring put|copy [-n N] [-m N] NAME, ring get|drop NAME\n"), 2; }

int main(int argc, char** argv) {
  std::uint32_t places = 64, limit = 4096;
  const std::string verb = argc > 1 ? argv[1] : "";
  int i = 2;
  for (; (verb == "put" || verb == "copy") && i + 1 < argc && argv[i][0] == '-'; i += 2) {
    const std::string option = argv[i];
    char* end = nullptr;
    const unsigned long value = strtoul(argv[i + 1], &end, 10);
    if (*end != '\0' || (option != "-n" && option != "-m") || value > (option == "-n" ? 65536UL : 1048576UL)) return usage();
    (option == "-n" ? places : limit) = static_cast<std::uint32_t>(value);
  }
  if (i != argc - 1 || argv[i][0] != '/' || places == 0 || limit == 0 || (places & (places - 1)) != 0) return usage();
  const std::string name = argv[i];
  if (verb == "drop") return must(shm_unlink(name.c_str()), "shm_unlink");
  if (verb == "get") return attach(name) ? get_all() : (dprintf(2, "not a ring, or taken\n"), 1);
  if (verb != "put" && verb != "copy") return usage();
  if (!create(name, places, limit)) return 1;
  alone = verb == "copy";
  if (!alone) return dprintf(1, "ready\n"), put_all();
  shm_unlink(name.c_str());
  int status = 0;
  std::thread putter([&] { status = put_all(); });
  get_all();
  putter.join();
  return status;
}
