// ring - carry lines from one process to another through a ring in shared memory
//
//   $ ./ring put /demo                    in one terminal: what is typed here ...
//   ready
//   hello
//                 $ ./ring get /demo      ... comes out here, in another one
//                 hello
//
// The handout is labs/09-shared-memory/README.md.
#include <atomic>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <new>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include "command_line.hpp"
#include "lines.hpp"
#include "must.hpp"

using Word = std::atomic<std::uint32_t>;

[[maybe_unused]] constexpr std::uint32_t kMagic = 0x676e6972;  // "ring": this is one, and it is finished
[[maybe_unused]] constexpr std::uint32_t kEnd = UINT32_MAX;    // a length that no record has: nothing more will come

constexpr std::uint32_t kCount = UINT32_MAX >> 2;  // these bits of `written` and `taken` count; the other two:
constexpr std::uint32_t kReader = 1U << 30;        // in `taken`: a reader has come
constexpr std::uint32_t kGone = 1U << 31;          // whoever changes this word has gone, and will not any more

// What the object begins with. Each word that one side changes has a cache line of its own: the other side's work does
// not take it away.
struct Ring {
  Word magic;
  std::uint32_t places;      // how many records it holds, a power of two
  std::uint32_t limit;       // the longest of them, in bytes
  alignas(64) Word written;  // records that were put in, ever; changed by the writer alone
  alignas(64) Word taken;    // records whose place was given back, ever; changed by the reader alone
  alignas(64) Word reader_sleeps;  // on `written`
  Word writer_sleeps;              // on `taken`
};

// Behind it, one after the other: the places. The bytes of a record follow its length.
struct Place {
  std::uint32_t length;
  char bytes[4];  // as many as the limit says
};

// Given. From one place to the next, and the size of the whole object.
static size_t stride(std::uint32_t limit) { return (sizeof(Place::length) + limit + 3) / 4 * 4; }
size_t whole(std::uint32_t places, std::uint32_t limit) {
  return sizeof(Ring) + places * stride(limit);
}

// Given. Sleeps for as long as the word is `seen`, until somebody wakes its sleepers. May also return for nothing. No
// FUTEX_PRIVATE_FLAG: with it the kernel would look for the word by this process's own address, and the other process
// has it at another one.
void futex_wait(Word& word, std::uint32_t seen) {
  syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr);
}
void futex_wake(Word& word) { syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX); }

// One side's hold on a ring: where this process has it, or null where it was refused.
struct Side {
  Ring* ring = nullptr;
  int object = -1;  // its descriptor, for the locks; -1 where nobody is watched
  bool watches = false;
};

// Each side locks one byte of the object for as long as it lives: the kernel takes the lock from the dead.
enum Byte : off_t { writer_lives = 0, reader_lives = 1 };
static int lock(int object, int command, Byte byte) {
  struct flock wanted {};
  wanted.l_type = F_WRLCK;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = byte;
  wanted.l_len = 1;
  return fcntl(object, command, &wanted);
}
// Sees to it that the word says so once the other side, who changes it, has gone. A thread sleeps until its lock falls.
static void watch(Side& side, Byte byte, Word& word) {
  if (side.watches || side.object < 0) return;
  side.watches = true;
  std::thread([object = side.object, byte, &word] {
    while (lock(object, F_OFD_SETLKW, byte) < 0)
      if (errno != EINTR) return;
    word |= kGone;  // the word itself changes: whoever is about to sleep on it does not
    futex_wake(word);
  }).detach();
}

// Runs in the writer: makes the object, which must not be there yet.
static Side create(const std::string& name, std::uint32_t places, std::uint32_t limit) {
  const int object = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (object < 0) return complain(name, strerror(errno)), Side{};
  const size_t size = whole(places, limit);
  void* memory = MAP_FAILED;
  if (ftruncate(object, static_cast<off_t>(size)) == 0)
    memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) {
    complain(name, strerror(errno));
    shm_unlink(name.c_str());
    close(object);
    return {};
  }
  lock(object, F_OFD_SETLK, writer_lives);
  Ring* ring = new (memory) Ring{};
  ring->places = places;
  ring->limit = limit;
  // Last, and with release: whoever sees it sees the rest too.
  ring->magic.store(kMagic, std::memory_order_release);
  return {ring, object};
}

// Whether what lies there is a ring, and all of it.
bool is_whole(const Ring* ring, size_t size) {
  if (ring->magic.load(std::memory_order_acquire) != kMagic) return false;
  const std::uint32_t places = ring->places, limit = ring->limit;
  return places > 0 && places <= 65536 && (places & (places - 1)) == 0 && limit > 0 && limit <= 1048576 &&
         whole(places, limit) == size;
}

// Runs in the reader: takes the ring that is there, if it is one and nobody else has taken it.
static Side attach(const std::string& name) {
  const int object = shm_open(name.c_str(), O_RDWR | O_CLOEXEC, 0);
  if (object < 0) return complain(name, strerror(errno)), Side{};
  struct stat info {};
  must(fstat(object, &info), "fstat");
  const auto size = static_cast<size_t>(info.st_size);
  // A page behind the end of the object has an address, and a look at it is SIGBUS: so its size comes first.
  if (size < sizeof(Ring)) return complain(name, "not a ring"), Side{};
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
  if (memory == MAP_FAILED) return complain(name, strerror(errno)), Side{};
  Ring* ring = static_cast<Ring*>(memory);
  if (!is_whole(ring, size)) return complain(name, "not a ring"), Side{};
  // The name can be removed once. Of two readers that come this far, one has the ring.
  if (shm_unlink(name.c_str()) < 0) return complain(name, strerror(errno)), Side{};
  lock(object, F_OFD_SETLK, reader_lives);
  ring->taken |= kReader;
  futex_wake(ring->taken);
  return {ring, object};
}

// Where record n lies: told by this process's own address of the ring, which no other process need share.
Place* place(Ring* ring, std::uint32_t n) {
  char* first = reinterpret_cast<char*>(ring + 1);
  return reinterpret_cast<Place*>(first + (n & (ring->places - 1)) * stride(ring->limit));
}

// Sleeps as long as the word is `seen`, and says so before: the other side makes no call for somebody who is awake.
// Each side first changes its own word and then looks at the other's, in one order for all (sequentially consistent).
static void sleep_on(Word& word, std::uint32_t seen, Word& sleeps) {
  sleeps = 1;
  futex_wait(word, seen);
  sleeps = 0;
}
static void tell(Word& word, std::uint32_t now, const Word& sleeps) {
  word = now;
  if (sleeps != 0) futex_wake(word);
}

// Runs in the writer: waits for a free place, fills it, and only then says that it is there. False: nobody will ever
// free one.
bool put_one(Side& side, std::uint32_t length, const std::string& bytes) {
  Ring* ring = side.ring;
  const std::uint32_t n = ring->written.load(std::memory_order_relaxed);
  for (;;) {
    const std::uint32_t taken = ring->taken;
    if (((n - taken) & kCount) < ring->places) break;
    if ((taken & kGone) != 0) return false;
    if ((taken & kReader) != 0) watch(side, reader_lives, ring->taken);
    sleep_on(ring->taken, taken, ring->writer_sleeps);
  }
  Place* to = place(ring, n);
  to->length = length;
  memcpy(to->bytes, bytes.data(), bytes.size());
  tell(ring->written, (n + 1) & kCount, ring->reader_sleeps);
  return true;
}

enum class Got { record, end, gone, damaged };

// Runs in the reader: waits for a record, copies it out, and only then gives its place back.
static Got get_one(Side& side, std::string& record) {
  Ring* ring = side.ring;
  const std::uint32_t taken = ring->taken.load(std::memory_order_relaxed), n = taken & kCount;
  for (;;) {
    const std::uint32_t written = ring->written;
    if ((written & kCount) != n) break;
    if ((written & kGone) != 0) return Got::gone;
    watch(side, writer_lives, ring->written);
    sleep_on(ring->written, written, ring->reader_sleeps);
  }
  const Place* from = place(ring, n);
  const std::uint32_t length = from->length;  // read once: what another process has written is looked at, not believed
  if (length != kEnd && length > ring->limit) return Got::damaged;
  if (length != kEnd) record.assign(from->bytes, length);
  tell(ring->taken, ((n + 1) & kCount) | (taken & kReader), ring->writer_sleeps);
  return length == kEnd ? Got::end : Got::record;
}

// Runs in the writer, when its input has ended.
static bool put_end(Side& side) { return put_one(side, kEnd, ""); }

// Given. All lines of the input, then the end. Returns the exit status.
static int put_all(Side& side) {
  int status = 0;
  Lines lines;
  unsigned long number = 0;
  bool goes_on = true;
  while (goes_on) {
    const std::optional<std::string> line = lines.next();
    ++number;
    if (!line) break;
    if (line->size() <= side.ring->limit) {
      goes_on = put_one(side, static_cast<std::uint32_t>(line->size()), *line);
    } else {
      dprintf(STDERR_FILENO, "ring: line %lu is longer than %u bytes, and is left out\n", number, side.ring->limit);
      status = 1;
    }
  }
  if (goes_on && put_end(side)) return status;
  complain("put", "the reader has died");
  return 3;
}

// Given. All records, each a line of the output. Returns the exit status.
static int get_all(Side& side) {
  std::string record;
  Got got;
  while ((got = get_one(side, record)) == Got::record) print(record + "\n");
  if (got == Got::end) return 0;
  complain("get", got == Got::gone ? "the writer has died" : "a record says that it is longer than it can be");
  return got == Got::gone ? 3 : 1;
}

// Given. Both sides in one process: two threads, one mapping.
static int copy(Side& writer, const std::string& name) {
  shm_unlink(name.c_str());
  Side reader;
  reader.ring = writer.ring;
  int status = 0;
  std::thread putter([&] { status = put_all(writer); });
  get_all(reader);
  putter.join();
  return status;
}

int main(int argc, char** argv) {
  Wish wish;
  if (!understand(argc, argv, wish)) {
    dprintf(STDERR_FILENO, "usage: ring put|copy [-n RECORDS] [-m BYTES] NAME\n       ring get|drop NAME\n");
    return 2;
  }
  if (wish.verb == "drop") {
    must(shm_unlink(wish.name.c_str()), wish.name.c_str());
    return 0;
  }
  Side side = wish.verb == "get" ? attach(wish.name) : create(wish.name, wish.places, wish.limit);
  if (side.ring == nullptr) return 1;
  if (wish.verb == "get") return get_all(side);
  if (wish.verb == "copy") return copy(side, wish.name);
  print("ready\n");
  return put_all(side);
}
