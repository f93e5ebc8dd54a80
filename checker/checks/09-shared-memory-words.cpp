#include "09-shared-memory-words.hpp"

#include <cstring>
#include <random>
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.hpp"
#include "check.hpp"
#include "play/asleep.hpp"
#include "play/names.hpp"
#include "play/sleepers.hpp"
#include "play/unmet.hpp"

namespace ringing {

std::string named(const std::string& name) { return play::name_for(lab.stage(), name); }
std::string file_of(const std::string& name) { return "/dev/shm" + name; }

Verdict no(const std::string& expected, const std::string& actual) { return Verdict::no(play::with_stage(lab.stage(), {expected, actual, {}, {}, {}, {}})); }

// That it cannot be mapped is told of the program that made it.
Verdict can_be_mapped(SharedMemory& object) {
  try {
    object.hold();
    return Verdict::yes();
  } catch (const std::exception& e) {
    return no("another process can open and map " + object.name(), e.what());
  }
}

// A program that has sent its words through a pipe, a file or a socket has one open.
Verdict has_no_other_way(const Program& program, const struct stat& object) {
  int times = 0;
  for (const see::Descriptor& d : see::descriptors_of(program.pid())) {
    const bool is_object = d.device == object.st_dev && d.inode == object.st_ino;
    if (d.fd <= 2 || (is_object && ++times == 1)) continue;
    if (is_object) return no(program.name() + " has the object open at most once", "descriptor " + std::to_string(d.fd) + " refers to it too");
    Verdict verdict = no(program.name() + " has 0, 1, 2 and at most the object open", "it also has descriptor " + std::to_string(d.fd) + " (" + base::escape(d.target) + ")");
    return d.type == S_IFREG || d.type == S_IFIFO || d.type == S_IFSOCK ? std::move(verdict).means("memory/another-way") : verdict;
  }
  return Verdict::yes();
}

// A crash is explained where the object holds an address: one of the writer's own, which means nothing to the reader.
Verdict unless_by_address(Verdict verdict, const SharedMemory& object, const Program& writer) {
  if (verdict.holds() || verdict.evidence().actual.find("was ended by SIG") == std::string::npos) return verdict;
  const std::string bytes = object.bytes();
  for (const see::Mapping& m : see::mappings_of(writer.pid()))
    for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if (m.path.find(object.name()) != std::string::npos && m.shared && m.holds(word)) return std::move(verdict).is_explained_by("memory/address-inside");
    }
  return verdict;
}

// A diagnosis is given only where what came is the mark of that one mistake.
Verdict marked(Verdict verdict, bool mark, const char* diagnosis) { return mark ? std::move(verdict).is_explained_by(diagnosis) : verdict; }

Verdict unless_private(Verdict verdict) {
  const bool is_private = verdict.evidence().actual.find("private") != std::string::npos;
  return marked(std::move(verdict), is_private, "memory/private-copy");
}

// One that has said `ready` has taken what was there.
Verdict refuses_to_make(Program& put) {
  Verdict verdict = put.exits_with(1);
  return marked(std::move(verdict), !put.printed().empty(), "memory/taken-by-a-maker");
}

// It has ended by itself with another status than was asked for: it has refused, and only the number is wrong.
bool says_no(const Verdict& verdict) {
  const std::string& actual = verdict.evidence().actual;
  return actual.starts_with("it ended with exit status ") && actual != "it ended with exit status 0" && actual != "it ended with exit status 3";
}

Verdict unless_by_sigbus(Verdict verdict) {
  const bool sigbus = verdict.evidence().actual.find("SIGBUS") != std::string::npos;
  return marked(std::move(verdict), sigbus, "memory/beyond-the-end");
}

std::string lines(int count, const std::string& word) {
  std::string text;
  for (int i = 0; i < count; ++i) text += word + std::to_string(i) + "\n";
  return text;
}

// Lines of any length up to `most`, of any bytes but the newline.
std::string any_lines(int count, int most) {
  std::mt19937 random(9);  // NOLINT: the same lines each time
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
  room::Order order;
  order.prepare = [] {
    rlimit stack{};
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = std::min<rlim_t>(192 << 20, stack.rlim_max);
    setrlimit(RLIMIT_STACK, &stack);
  };
  return order;
}

bool has_ended(const Program& program) {
  const auto stat = see::stat_of(program.pid());
  return !stat || stat->state == 'Z';
}

// A writer that has put in all it was given and sleeps on the full ring.
Verdict waits_on_full(const SharedMemory& ring, const Program& put) {
  if (Verdict read = play::has_read_its_input(lab.stage(), put); !read.holds()) return read;
  return play::waits_on(lab.stage(), ring, put);
}

// It sleeps on a word of the ring, which has room for all that it was given.
Verdict unless_it_waits(Verdict verdict, const SharedMemory& ring, const Program& put) {
  return marked(std::move(verdict), ring.word_slept_on(put).has_value(), "memory/full-too-early");
}

// It has put one record more into the ring than that may hold, and asks for the next.
Verdict unless_it_reads_on(Verdict verdict) {
  const bool reads = verdict.evidence().kind == Evidence::Kind::waits_for_check;
  return marked(std::move(verdict), reads, "memory/full-too-late");
}

// The writer takes the ring for full; the reader, who has taken nothing yet, for empty: one of them is wrong.
Verdict unless_both_wait(Verdict verdict, const SharedMemory& ring, const Program& put, const Program& get) {
  const bool both = verdict.evidence().kind == Evidence::Kind::stuck && ring.word_slept_on(put) && ring.word_slept_on(get) && get.printed().empty();
  return marked(std::move(verdict), both, "memory/full-or-empty");
}

// The record `last`, which was not in the ring when the reader came, has been got in the place of one that was: that was
// free before it had been copied out.
Verdict unless_overwritten(Verdict verdict, const Program& get, const std::string& before, const std::string& last) {
  const std::string& got = get.printed();
  const std::string mark = last.substr(0, 4);  // it may be cut at the length of the one that was there
  const size_t first = got.find(mark);
  const bool twice = first != std::string::npos && got.find(mark, first + 1) != std::string::npos;
  return marked(std::move(verdict), twice && before.find(mark) == std::string::npos, "memory/given-back-too-early");
}

// The writer has ended well, and the reader sleeps on a word that nobody is left to change.
Verdict unless_no_end(Verdict verdict, const SharedMemory& ring, const Program& get) {
  const bool waits = verdict.evidence().kind == Evidence::Kind::stuck && ring.word_slept_on(get);
  return marked(std::move(verdict), waits, "memory/no-end");
}

// Wherever a program at the turnstile is about to wake the other side, that is woken by the check, and does what it does
// then; so a few times, as long as the reader prints nothing.
void wake_at(play::Turnstile& turnstile, const SharedMemory& ring, const Program& other, const Program& get, int times) {
  const std::string printed = get.unread();
  for (int held = 0; held < times; ++held) {
    const int before = turnstile.held();
    turnstile.hold_until([&] { return turnstile.held() > before || get.unread() != printed; });
    if (turnstile.held() == before) break;
    if (ring.word_slept_on(other)) play::wake_and_settle(lab.stage(), ring, other);
    turnstile.open();
    if (held + 1 < times) turnstile.hold([](pid_t, long) { return true; });
  }
  turnstile.open();
}

off_t size_of(const std::string& name) {
  struct stat info {};
  return stat(file_of(name).c_str(), &info) == 0 ? info.st_size : -1;
}

// A file of these bytes where rings lie; and whether a get has left it alone.
Verdict is_refused_by_get(const std::string& name, const std::string& what, const std::string& bytes) {
  base::write_file(file_of(name), bytes);
  lab.stage().note("put " + what + " at " + name);
  auto get = lab.start("get " + name);
  Verdict verdict = unless_by_sigbus(get.exits_with(1));
  if (!verdict.holds()) {
    Evidence e = verdict.evidence();
    e.lines.insert(e.lines.begin(), "at " + name + " lies " + what);
    return marked(Verdict::no(std::move(e)), !says_no(verdict), "memory/not-looked-at");
  }
  if (Verdict silent = get.prints_nothing_more(); !silent.holds()) return silent;
  if (size_of(name) < 0) return no("an object that is refused keeps its name", "with " + what + " in it, " + name + " has gone").is_explained_by("memory/name-removed-first");
  if (base::read_file(file_of(name)) != bytes) return no("an object that is refused stays as it is", "its bytes have changed: it was " + what);
  unlink(file_of(name).c_str());
  return Verdict::yes();
}

}  // namespace ringing
