#include "words.hpp"

#include <cerrno>
#include <cstring>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.hpp"

namespace ringing {

std::string ring_name(const std::string& name) { return play::name_for(lab.testbed(), name); }
std::string file_of(const std::string& name) { return "/dev/shm" + name; }

Verdict no(const std::string& expected, const std::string& actual) { return Verdict::no(play::with_context(lab.testbed(), {expected, actual})); }

// That it cannot be mapped is said of the program that made it.
Verdict can_be_mapped(SharedMemory& object) {
  try {
    object.map();
    return Verdict::yes();
  } catch (const std::exception& e) {
    return no("another process can open and map " + object.name(), e.what());
  }
}

// A crash is explained where the object holds an address: one of the writer's own, which means nothing to the reader.
Verdict unless_by_address(Verdict verdict, const SharedMemory& object, const Program& writer) {
  const bool by_address = verdict.ended_by_a_signal() && object.holds_an_address_of(writer);
  return std::move(verdict).is_explained_by("memory/address-inside", by_address);
}

Verdict unless_in_part(Verdict verdict, const SharedMemory& object, std::uint64_t mapped) {
  const bool in_part = mapped > 0 && mapped < object.size();
  return std::move(verdict).hints(fmt::format("get has mapped {} bytes of an object that has {}: it looks for its records where nothing is shared. How large is the object? fstat(2) says it.", mapped, object.size()), in_part);
}

Verdict unless_end_overwrites(Verdict verdict, const Program& get, const std::string& all) {
  const std::string& got = get.printed();
  const bool too_early = verdict.ended_with(0) && got.size() < all.size() && all.starts_with(got) && (got.empty() || got.back() == '\n');
  return std::move(verdict).hints("What came is right, and then get met its end, with records still to come. Does put_end wait for a place, as a record does, or does it take one that is in use?", too_early);
}

// One that has said `ready` has taken what was there, or has taken its name away.
Verdict refuses_to_make(Program& put, const std::string& name, ino_t before) {
  Verdict verdict = put.exits_with(1);
  const bool made = !put.printed().empty(), another = made && inode_of(name) != before;
  return std::move(verdict).is_explained_by("memory/taken-by-a-maker", made && !another)
      .hints("The object that was there has lost its name to a new one: its name was removed before shm_open(), and O_EXCL had nothing left to refuse.", another);
}

ino_t inode_of(const std::string& name) {
  struct stat info {};
  return stat(file_of(name).c_str(), &info) == 0 ? info.st_ino : 0;
}

// It has ended by itself with another status than was asked for: it has refused, and only the number is wrong.
bool says_no(const Verdict& verdict) {
  const auto& ending = verdict.evidence().ending;
  return !verdict.passed() && ending && !ending->by_signal && ending->status != 0 && ending->status != 3;
}

Verdict unless_by_sigbus(Verdict verdict) {
  const bool sigbus = verdict.ended_by(SIGBUS);
  return std::move(verdict).is_explained_by("memory/beyond-the-end", sigbus);
}

std::string lines(int count, const std::string& before) {
  std::string text;
  for (int i = 0; i < count; ++i) text += before + std::to_string(i) + "\n";
  return text;
}

// Lines of any length up to `most`, of any bytes but the newline.
std::string any_lines(int count, int most) {
  std::mt19937& random = lab.dice();
  std::string text;
  for (int i = 0; i < count; ++i) {
    const int length = i % 5 == 0 ? most : static_cast<int>(random() % static_cast<unsigned>(most + 1));
    for (int n = 0; n < length; ++n) {
      const char c = static_cast<char>(random());
      text += c == '\n' ? '\0' : c;
    }
    text += '\n';
  }
  return text + "x\n";
}

// Its mappings lie elsewhere than another program's, whatever the kernel makes random: they begin below the stack, and 128
// MiB below its top at least. Each thread's stack gets this size too: room for a few of them must be left.
room::Order with_more_stack() {
  return play::inheriting([] {
    rlimit stack{};
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = std::min<rlim_t>(192 << 20, stack.rlim_max);
    setrlimit(RLIMIT_STACK, &stack);
  });
}

std::vector<play::WatchedCall> name_removals() {
  return {{SYS_unlinkat},
#ifdef SYS_unlink
          {SYS_unlink},
#endif
  };
}

std::vector<play::WatchedCall> futex_calls() {
  return {{SYS_futex},
#ifdef SYS_futex_waitv
          {SYS_futex_waitv},
#endif
  };
}

Verdict holds(const SharedMemory& ring, std::uint64_t places, std::uint64_t limit) {
  if (ring.size() >= places * limit) return Verdict::yes();
  return no("an object of " + std::to_string(places) + " records of " + std::to_string(limit) + " bytes has at least " + std::to_string(places * limit) + " bytes", "it has " + std::to_string(ring.size()))
      .hints("Which size does ftruncate() get? The object begins with the Ring, and all of its places lie in it too.");
}

Verdict takes(const SharedMemory& ring, Program& get) {
  if (play::wait_until(lab.testbed(), [&] { return get.has_ended() || ring.word_waited_on(get) || !ring.exists().passed(); }); !get.has_ended()) return Verdict::yes();
  struct stat info {};
  const bool denied = get.has_complained_of(EACCES), there = stat(file_of(ring.name()).c_str(), &info) == 0;
  const bool closed = there && (info.st_mode & 0600) != 0600;
  return unless_by_sigbus(get.exits_with(0))
      .hints(fmt::format("put has made the object with mode {:04o}, and nobody may open it, its owner neither. The mode is shm_open(3)'s third argument.", info.st_mode & 07777), denied && closed)
      .hints("The object may be opened, and something was denied all the same: a mapping that is to be written wants a descriptor that was opened for reading and writing (mmap(2), EACCES).", denied && there && !closed)
      .hints("get has refused a ring that is one: which look at it says no? What it said on standard error may tell.", true);
}

// Where the head of a record lies and its rest does not, something was written over it: the record behind it, where that
// begins before the first has ended.
Verdict lie_in(const SharedMemory& ring, const std::vector<std::string>& records, const Program& put) {
  const std::string bytes = ring.bytes();
  for (size_t i = 0; i < records.size(); ++i) {
    if (bytes.find(records[i]) != std::string::npos) continue;
    const std::string expected = "the bytes of record " + std::to_string(i) + ", " + quote(records[i]) + ", lie in " + ring.name();
    const size_t head = bytes.find(records[i].substr(0, 4));
    const size_t next = i + 1 < records.size() ? bytes.find(records[i + 1].substr(0, 4)) : std::string::npos;
    if (head == std::string::npos) return no(expected, "they lie nowhere in it").is_explained_by("memory/address-inside", ring.holds_an_address_of(put));
    const bool overlap = next != std::string::npos && next > head && next - head <= records[i].size();
    if (overlap) return no(expected, "the bytes of the next record begin " + std::to_string(next - head) + " bytes behind the first of them: the one was written over the other").is_explained_by("memory/places-overlap");
    return no(expected, "only its beginning does");
  }
  return Verdict::yes();
}

Verdict changes(const SharedMemory& ring, const std::string& text, char last) {
  const std::string bytes = ring.bytes();
  size_t found = 0;
  for (size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1), ++found) ring.change(at + text.size() - 1, last);
  if (found > 0) return Verdict::yes();
  return no("the bytes of the record " + quote(text) + " lie in " + ring.name(), "they lie nowhere in it");
}

void rest(const Program& put) {
  static_cast<void>(put.has_read_its_input());
  put.settle();
}

Verdict is_there(Program& who) { return who.has_ended() ? who.stays_alive() : Verdict::yes(); }

void await_sleep(const SharedMemory& ring, const Program& who) {
  static_cast<void>(play::wait_until(lab.testbed(), [&] { return who.has_ended() || ring.word_waited_on(who); }));
}

// A writer that has put in all it was given and sleeps on the full ring.
Verdict waits_on_full(const SharedMemory& ring, const Program& put) {
  if (Verdict read = put.has_read_its_input(); !read.passed()) return read;
  return play::waits_on(lab.testbed(), ring, put);
}

// It sleeps on a word of the ring, which has room for all that it was given.
Verdict unless_it_waits(Verdict verdict, const SharedMemory& ring, const Program& put) {
  return std::move(verdict).is_explained_by("memory/full-too-early", ring.word_waited_on(put).has_value());
}

// It has put one record more into the ring than that may hold, and asks for the next.
Verdict unless_it_reads_on(Verdict verdict) {
  const bool reads = verdict.failed_by(Evidence::Kind::waits_for_check);
  return std::move(verdict).is_explained_by("memory/full-too-late", reads);
}

// The writer takes the ring for full; the reader, who has taken nothing yet, for empty: one of them is wrong.
Verdict unless_both_wait(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get) {
  const bool both = verdict.failed_by(Evidence::Kind::stuck) && ring.word_waited_on(put) && ring.word_waited_on(get) && get.printed().empty();
  return std::move(verdict).is_explained_by("memory/full-or-empty", both);
}

// Each sleeps until the other changes something: of one word that both sleep on, only one of them is the changer.
Verdict unless_on_one_word(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get) {
  const auto of_put = ring.word_waited_on(put), of_get = ring.word_waited_on(get);
  const bool same = verdict.failed_by(Evidence::Kind::stuck) && of_put && of_put == of_get;
  return std::move(verdict).hints("Both sleep on the same word of the ring, and one of them is the one who changes it. The writer waits for the reader: which word does that change?", same);
}

// The record `last`, which was not in the ring when the reader came, has been got in the place of one that was: that was
// free before it had been copied out.
Verdict unless_overwritten(Verdict verdict, const Program& get, const std::string& before, const std::string& last) {
  const std::string& got = get.printed();
  const std::string mark = last.substr(0, 4);  // it may be cut at the length of the one that was there
  const size_t first = got.find(mark);
  const bool twice = first != std::string::npos && got.find(mark, first + 1) != std::string::npos;
  return std::move(verdict).is_explained_by("memory/given-back-too-early", twice && before.find(mark) == std::string::npos);
}

// The writer has ended well, and the reader sleeps on a word that nobody is left to change.
Verdict unless_no_end(Verdict verdict, const SharedMemory& ring, const Program& get) {
  const bool waits = verdict.failed_by(Evidence::Kind::stuck) && ring.word_waited_on(get);
  return std::move(verdict).is_explained_by("memory/no-end", waits);
}

// It sleeps on a word of the ring that has not changed, although what it waits for has come before it fell asleep.
Verdict unless_missed(Verdict verdict, const SharedMemory& ring, const Program& sleeper) {
  Verdict known = play::unless_woken(std::move(verdict), ring, sleeper);
  const bool waits = known.failed_by(Evidence::Kind::stuck) || known.failed_by(Evidence::Kind::waits_for_check);
  const bool missed = waits && known.evidence().diagnoses.empty() && ring.word_waited_on(sleeper);
  return std::move(known).is_explained_by("memory/slept-through", missed);
}

// Wherever a program is about to wake the other side, that is woken by the check, and does what it does
// then; so a few times, as long as the reader prints nothing.
bool wake_at(play::BeforeCall& at_call, const SharedMemory& ring, const Program& other, const Program& get, int times) {
  const std::string printed = get.unread();
  bool woken = false;
  for (int held = 0; held < times; ++held) {
    const int before = at_call.times_held();
    at_call.hold_until([&] { return at_call.times_held() > before || get.unread() != printed; });
    if (at_call.times_held() == before) break;
    if (ring.word_waited_on(other) && ring.has_waiter(other).passed()) {  // not where nobody can wake it
      play::wake_and_settle(lab.testbed(), ring, other);
      woken = true;
    }
    at_call.open();
    if (held + 1 < times) at_call.hold([](pid_t, long) { return true; });
  }
  at_call.open();
  return woken;
}

Drowsy::Drowsy(const std::string& words, SharedMemory& ring, int nth)
    : held_(lab.testbed(), futex_calls()), program_([&] {
        held_.hold([this, nth](pid_t tid, long call) { return play::is_about_to_sleep(tid, call) && ++sleeps_ == nth; });  // before it can make one
        return lab.start(words, held_.order());
      }()) {
  if (words.starts_with("put")) {
    program_.type("one\ntwo\n");
    static_cast<void>(program_.prints_next("ready\n"));
    if (can_be_mapped(ring).passed()) rest(program_);
    return;
  }
  held_.hold_until([&] { return is_held() || ring.word_waited_on(program_); });
}

off_t size_of(const std::string& name) {
  struct stat info {};
  return stat(file_of(name).c_str(), &info) == 0 ? info.st_size : -1;
}

// A file of these bytes where rings lie; and whether a get has left it alone.
Verdict is_refused_by_get(const std::string& name, const std::string& what, const std::string& bytes) {
  write_file(file_of(name), bytes);
  lab.note("put " + what + " at " + name);
  auto get = lab.start("get " + name);
  Verdict verdict = unless_by_sigbus(get.exits_with(1));
  if (!verdict.passed()) {
    Evidence e = verdict.evidence();
    e.lines.insert(e.lines.begin(), "at " + name + " lies " + what);
    return Verdict::no(std::move(e)).is_explained_by("memory/not-looked-at", !says_no(verdict));
  }
  if (Verdict silent = get.prints_nothing_more(); !silent.passed()) return silent;
  if (Verdict told = get.complains("\n"); !told.passed()) return told;
  if (size_of(name) < 0) return no("an object that is refused keeps its name", "with " + what + " in it, " + name + " has gone").is_explained_by("memory/name-removed-first");
  if (read_file(file_of(name)) != bytes) return no("an object that is refused stays as it is", "its bytes have changed: it was " + what);
  unlink(file_of(name).c_str());
  return Verdict::yes();
}

}  // namespace ringing
