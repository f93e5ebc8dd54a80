// Another way: two process-shared semaphores count places and records, positions have 64 bits, the object gets its name when
// all of it is filled in (O_TMPFILE and linkat), and records that are there together share one write. Whether the other
// side lives is looked at ten times a second, by its lock.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <iostream>
#include <semaphore.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "must.hpp"

struct Header {
  char kind[8];
  std::uint64_t places, limit;
  sem_t room, there;
  std::uint64_t put, got;
  std::uint8_t met;
};

struct Record {
  std::uint64_t length;  // ~0: no more
};

static bool alone = false;  // both sides are this process: nobody can die
static int object = -1;
static Header* head = nullptr;

static std::uint64_t step() { return sizeof(Record) + (head->limit + 7) / 8 * 8; }
static Record* at(std::uint64_t n) {
  return reinterpret_cast<Record*>(reinterpret_cast<char*>(head) + sizeof(Header) + n % head->places * step());
}
static char* bytes_of(Record* record) { return reinterpret_cast<char*>(record) + sizeof(Record); }

static bool lock(off_t byte) {
  struct flock l {};
  l.l_type = F_WRLCK;
  l.l_start = byte;
  l.l_len = 1;
  return fcntl(object, F_OFD_SETLK, &l) == 0;
}

// False: the other side has died, and there is nothing to be had.
static bool wait_for(sem_t& what, off_t other, bool (*may_die)()) {
  if (alone) {
    while (sem_wait(&what) < 0) {}
    return true;
  }
  for (;;) {
    timespec until{};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    if (sem_timedwait(&what, &until) == 0) return true;
    if (errno == ETIMEDOUT && may_die() && lock(other)) return sem_trywait(&what) == 0;
  }
}

static bool put(std::uint64_t length, const std::string& bytes) {
  if (!wait_for(head->room, 11, [] { return __atomic_load_n(&head->met, __ATOMIC_ACQUIRE) != 0; })) return false;
  Record* record = at(head->put++);
  record->length = length;
  memcpy(bytes_of(record), bytes.data(), bytes.size());
  sem_post(&head->there);
  return true;
}

static int put_all() {
  int status = 0;
  std::string line;
  for (long number = 1; std::getline(std::cin, line); ++number) {
    if (line.size() > head->limit) {
      dprintf(2, "line %ld is too long\n", number);
      status = 1;
    } else if (!put(line.size(), line)) {
      return dprintf(2, "nobody reads any more\n"), 3;
    }
  }
  return put(~0ULL, "") ? status : (dprintf(2, "nobody reads any more\n"), 3);
}

static void flush(std::string& out) {
  for (size_t done = 0; done < out.size();) done += static_cast<size_t>(must(static_cast<int>(write(1, out.data() + done, out.size() - done)), "write"));
  out.clear();
}

static int get_all() {
  std::string out;
  for (;;) {
    if (sem_trywait(&head->there) < 0) {
      flush(out);
      if (!wait_for(head->there, 10, [] { return true; })) return dprintf(2, "the writer has died\n"), 3;
    }
    Record* record = at(head->got++);
    const std::uint64_t length = record->length;
    if (length != ~0ULL) out.append(bytes_of(record), length) += '\n';
    sem_post(&head->room);
    if (length == ~0ULL) return flush(out), 0;
    if (out.size() > 60000) flush(out);
  }
}

static bool create(const std::string& name, std::uint64_t places, std::uint64_t limit, bool named) {
  object = must(open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), "open");
  Header whole{};
  whole.places = places, whole.limit = limit;
  head = &whole;
  const std::uint64_t size = sizeof(Header) + places * step();
  if (posix_fallocate(object, 0, static_cast<off_t>(size)) != 0) return dprintf(2, "no memory\n"), false;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) return dprintf(2, "no memory\n"), false;
  head = static_cast<Header*>(memory);
  memcpy(head->kind, "semring", 8);
  head->places = places, head->limit = limit;
  sem_init(&head->room, 1, static_cast<unsigned>(places));
  sem_init(&head->there, 1, 0);
  lock(10);
  const std::string self = "/proc/self/fd/" + std::to_string(object);
  if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, ("/dev/shm" + name).c_str(), AT_SYMLINK_FOLLOW) < 0) {
    dprintf(2, "%s: %s\n", name.c_str(), strerror(errno));
    return false;
  }
  if (!named) unlink(("/dev/shm" + name).c_str());
  return true;
}

static bool attach(const std::string& name) {
  object = must(shm_open(name.c_str(), O_RDWR | O_CLOEXEC, 0), "shm_open");
  struct stat info {};
  must(fstat(object, &info), "fstat");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size < sizeof(Header)) return false;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) return false;
  head = static_cast<Header*>(memory);
  if (memcmp(head->kind, "semring", 8) != 0 || head->places > 65536 || head->limit > 1048576 || sizeof(Header) + head->places * step() != size) return false;
  if (shm_unlink(name.c_str()) < 0) return false;
  lock(11);
  __atomic_store_n(&head->met, 1, __ATOMIC_RELEASE);
  return true;
}

static int usage() { return dprintf(2, "usage: ring put|copy [-n N] [-m N] NAME, ring get|drop NAME\n"), 2; }

int main(int argc, char** argv) {
  std::uint64_t places = 64, limit = 4096;
  const std::string verb = argc > 1 ? argv[1] : "";
  int i = 2;
  for (; (verb == "put" || verb == "copy") && i + 1 < argc && argv[i][0] == '-'; i += 2) {
    const std::string option = argv[i];
    if (option != "-n" && option != "-m") return usage();
    std::uint64_t& value = option == "-n" ? places : limit;
    char* end = nullptr;
    value = strtoul(argv[i + 1], &end, 10);
    if (*end != '\0' || value == 0 || value > (option == "-n" ? 65536U : 1048576U)) return usage();
  }
  if (i != argc - 1 || argv[i][0] != '/' || (places & (places - 1)) != 0) return usage();
  const std::string name = argv[i];
  if (verb == "drop") return must(shm_unlink(name.c_str()), "shm_unlink");
  if (verb == "get") return attach(name) ? get_all() : (dprintf(2, "not a ring, or taken\n"), 1);
  if (verb != "put" && verb != "copy") return usage();
  alone = verb == "copy";
  if (!create(name, places, limit, !alone)) return 1;
  if (!alone) return dprintf(1, "ready\n"), put_all();
  int status = 0;
  std::thread writer([&] { status = put_all(); });
  get_all();
  writer.join();
  return status;
}
