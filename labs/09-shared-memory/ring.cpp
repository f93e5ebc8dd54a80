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

// TODO 6 (stretch): a word that somebody sleeps on has 32 bits, and a counter needs fewer. What else could it say?

// What the object begins with. Each word that one side changes has a cache line of its own: the other side's work does
// not take it away.
struct Ring {
  Word magic;
  std::uint32_t places;      // how many records it holds, a power of two
  std::uint32_t limit;       // the longest of them, in bytes
  alignas(64) Word written;  // records that were put in, ever; changed by the writer alone
  alignas(64) Word taken;    // records whose place was given back, ever; changed by the reader alone
  // TODO 7 (stretch): does anybody sleep?
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
  // TODO 6 (stretch): what else must it keep, to learn that the other side has died?
};

// TODO 6 (stretch): what does the kernel take back from a process that was killed, whoever looks and whenever?

// Runs in the writer: makes the object, which must not be there yet.
static Side create(const std::string& name, std::uint32_t places, std::uint32_t limit) {
  // TODO 1: open it so that an existing object is never taken, give it its size, map it, fill it in. A reader may come
  //         at any moment: which word goes last, and with which memory order? Whatever fails: complain(), return {}.
  (void)name, (void)places, (void)limit;
  complain(name, "not made yet");
  return {};
}

// Whether what lies there is a ring, and all of it.
bool is_whole(const Ring* ring, size_t size) {
  // TODO 2: is it finished, and as large as it says itself?
  (void)ring, (void)size;
  return false;
}

// Runs in the reader: takes the ring that is there, if it is one and nobody else has taken it.
static Side attach(const std::string& name) {
  // TODO 2: open, map, look, and only then take it. Which look comes before the first byte of it is touched? And when
  //         two readers come this far, whose is it? The name is not needed any more then.
  complain(name, "not attached yet");
  return {};
}

// Where record n lies: told by this process's own address of the ring, which no other process need share.
Place* place(Ring* ring, std::uint32_t n) {
  // TODO 3: the first place begins where the Ring ends. Which place is record n's, and how far away is it?
  (void)n;
  return reinterpret_cast<Place*>(ring);  // for now
}

// TODO 7 (stretch): who is about to sleep says so, who has changed a word looks. In which order, on both sides?

// Runs in the writer: waits for a free place, fills it, and only then says that it is there. False: nobody will ever
// free one.
bool put_one(Side& side, std::uint32_t length, const std::string& bytes) {
  // TODO 3: how many records lie in the ring? While it is full: futex_wait(), and what then? Copy, and only then change
  //         the word that tells of it, and wake whoever sleeps on that.
  (void)side, (void)length, (void)bytes;
  return true;
}

enum class Got { record, end, gone, damaged };

// Runs in the reader: waits for a record, copies it out, and only then gives its place back.
static Got get_one(Side& side, std::string& record) {
  // TODO 4: the same from the other side. What has to be done before the place is given back? What if it is the end?
  //         A length is what another process has written: what may it be at most?
  (void)side, (void)record;
  return Got::end;
}

// Runs in the writer, when its input has ended.
static bool put_end(Side& side) {
  // TODO 5: how does the reader learn that no more will come?
  (void)side;
  return true;
}

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
